package tsv

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	const table = "# a remark\nname\tcolour\n\npear\tgreen\n# another\nplum\n"
	rows, err := Read(strings.NewReader(table), "name", "colour")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 {
		t.Fatalf("got %d rows, want 2", len(rows))
	}
	if got := rows[0].Get("colour"); got != "green" {
		t.Errorf("colour of the first row is %q, want green", got)
	}
	if got := rows[1].Get("colour"); got != "" {
		t.Errorf("colour of a row that ends early is %q, want nothing", got)
	}
	if rows[1].Line != 6 {
		t.Errorf("second row is at line %d, want 6", rows[1].Line)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct{ name, table, want string }{
		{"missing column", "name\n", `no column "colour"`},
		{"too many fields", "name\tcolour\na\tb\tc\n", "line 2: 3 fields for 2 columns"},
		{"empty", "# nothing\n", "no header"},
	} {
		_, err := Read(strings.NewReader(test.table), "name", "colour")
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error is %v, want one with %q", test.name, err, test.want)
		}
	}
}

func TestJoinKeepsOneLine(t *testing.T) {
	if got, want := Join("a\tb", "c\r\nd"), "a b\tc d"; got != want {
		t.Errorf("Join = %q, want %q", got, want)
	}
}
