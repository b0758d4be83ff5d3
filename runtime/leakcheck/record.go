package leakcheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const recordVariable = "LEAKCHECK_JSON"

var recordFlag = flag.String("leakcheck.json", "", "append leaked goroutines to `file`, one JSON object a line")

// WriteJSON writes the leaks as -leakcheck.json does: one JSON object a line.
func WriteJSON(w io.Writer, leaks []Leak) error {
	encoder := json.NewEncoder(w)
	for _, l := range leaks {
		if err := encoder.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// record appends the leaks to the file that the flag or, without it, the
// environment names, if any. One write holds them all, so that test binaries that run
// at the same time do not mix their lines.
func record(leaks []Leak) (err error) {
	name := *recordFlag
	if name == "" {
		name = os.Getenv(recordVariable)
	}
	if name == "" {
		return nil
	}
	var text bytes.Buffer
	if err := WriteJSON(&text, leaks); err != nil {
		return fmt.Errorf("leakcheck: %w", err)
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return fmt.Errorf("leakcheck: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = file.Write(text.Bytes())
	return err
}
