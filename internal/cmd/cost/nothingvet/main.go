// Command nothingvet is the floor of the cost command: a tool for
// `go vet -vettool` that speaks the protocol and reads nothing but its
// configuration. What it costs is what the go command itself costs.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// stamp is set afresh by the linker for each round of measurement; the go
// command takes it for the identity of the tool.
var stamp = "none"

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "nothingvet:", err)
		os.Exit(1)
	}
}

// serve answers one call of the go command: -V=full with the identity of the
// tool, -flags with the empty list, and a configuration by writing the empty
// facts that it asks for.
func serve(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("want the arguments of a vet tool")
	}
	switch last := args[len(args)-1]; {
	case last == "-V=full":
		_, err := fmt.Printf("nothingvet version devel buildID=%s\n", stamp)
		return err
	case last == "-flags":
		_, err := fmt.Println("[]")
		return err
	case strings.HasSuffix(last, ".cfg"):
		data, err := os.ReadFile(last)
		if err != nil {
			return err
		}
		var cfg struct{ VetxOutput string }
		if err := json.Unmarshal(data, &cfg); err != nil {
			return err
		}
		return os.WriteFile(cfg.VetxOutput, nil, 0o666)
	default:
		return fmt.Errorf("unknown argument %q", last)
	}
}
