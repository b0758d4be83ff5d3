// Command adoption measures what a team meets when it begins to use chanlint.
//
//	go run ./internal/cmd/adoption nothing          from nothing to the first finding
//	go run ./internal/cmd/adoption warm DIR...      warm reruns beside stock go vet
//
// "nothing" runs one command, go run github.com/chanlint/chanlint/cmd/chanlint@VERSION,
// in a copy of testdata/example, with an empty home, GOPATH and caches. The version is
// this checkout's, as a module proxy of files would serve it; what chanlint requires
// comes from GOPROXY, over the network. So it also shows that the module, as it would
// be published, can be fetched, verified and built.
//
// "warm" runs chanlint and go vet in turn over everything in each directory, after a
// run of each that is not counted, and prints CPU times of whole process trees.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

func main() {
	rounds := flag.Int("rounds", 5, "number of warm runs of each")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, flag.Args(), *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "adoption:", err)
		os.Exit(2)
	}
}

// run does what the arguments ask for.
func run(ctx context.Context, args []string, rounds int) error {
	root, err := vetrun.Root(ctx)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 1 && args[0] == "nothing":
		return fromNothing(ctx, root)
	case len(args) > 1 && args[0] == "warm" && rounds > 0:
		return warm(ctx, root, args[1:], rounds)
	}
	return errors.New("say nothing, or warm and directories")
}
