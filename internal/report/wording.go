package report

import (
	"fmt"
	"strings"
)

// CloseOfReceiveOnly words a close of a receive-only channel: expr is the
// channel as the source spells it, typ its type. The closerecv analyzer and the
// standalone driver, which meets the same defect as a compiler error, both say
// it in these words.
func CloseOfReceiveOnly(expr, typ string) string {
	advice := "let the sender close it"
	if elem, ok := strings.CutPrefix(typ, "<-chan "); ok {
		advice = fmt.Sprintf("pass a chan %s or chan<- %s or let the sender close it", elem, elem)
	}
	return fmt.Sprintf("close of receive-only channel: %s is %s; only the sending side closes, so %s", expr, typ, advice)
}
