// Package cacheprog holds that two checkouts share chanlint's results through
// the cache that a GOCACHEPROG serves. The module's only requirements are cache
// programs, so that chanlint itself has none.
package cacheprog

import (
	"bytes"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	e2e    = flag.Bool("e2e", false, "build a cache program and run the test; needs the network once")
	module = flag.String("module", "../../testdata/example", "the `directory` of the module that is checked")
)

// TestMain skips everything unless it is asked for.
func TestMain(m *testing.M) {
	flag.Parse()
	if !*e2e {
		fmt.Println("skipped; go test -e2e runs it")
		return
	}
	os.Exit(m.Run())
}

// TestSharedCache checks a module in two directories. Each has a local cache of
// its own, empty at first, and both have the server behind it: as on two machines.
func TestSharedCache(t *testing.T) {
	bin := t.TempDir()
	run(t, "../..", "go", "build", "-o", bin, "./cmd/chanlint")
	run(t, ".", "go", "build", "-o", bin, "tool")
	server := serve(t, filepath.Join(bin, "go-cacher-server"))

	tests := []struct {
		name  string
		flags []string
		same  bool // the second checkout analyzes nothing
	}{
		{"by default", nil, false},
		{"with -trimpath", []string{"-trimpath"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var outputs []string
			var counts []work
			for _, checkout := range []string{"first", "elsewhere/second"} {
				dir := filepath.Join(t.TempDir(), checkout)
				if err := os.CopyFS(dir, os.DirFS(*module)); err != nil {
					t.Fatal(err)
				}
				cacher := fmt.Sprintf("%s --cache-server=%s --cache-dir=%s", filepath.Join(bin, "go-cacher"), server, filepath.Join(t.TempDir(), "local"))
				start := time.Now()
				out, did := check(t, dir, filepath.Join(bin, "chanlint"), cacher, tt.flags)
				t.Logf("%s: %d packages analyzed, %d compiled, %v", checkout, did.analyzed, did.compiled, time.Since(start).Round(time.Millisecond))
				outputs, counts = append(outputs, out), append(counts, did)
			}
			if outputs[0] != outputs[1] || !strings.Contains(outputs[0], ".go") {
				t.Errorf("the checkouts print\n%s\nand\n%s\nwant the same findings", outputs[0], outputs[1])
			}
			if counts[0].analyzed == 0 {
				t.Error("nothing has been analyzed in the first checkout: the test holds nothing")
			}
			if nothing := counts[1] == (work{}); nothing != tt.same {
				t.Errorf("the second checkout did %+v; want that it did nothing: %v", counts[1], tt.same)
			}
		})
	}
}

// work is what the go command had done because no cache held it.
type work struct{ analyzed, compiled int }

// check runs chanlint and returns its findings and the work it took.
func check(t *testing.T, dir, chanlint, cacher string, flags []string) (string, work) {
	cmd := exec.Command(chanlint, slices.Concat([]string{"-x"}, flags, []string{"./..."})...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOCACHEPROG="+cacher, "GOCACHE="+filepath.Join(t.TempDir(), "unused"), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var did work
	for line := range strings.Lines(stderr.String()) {
		switch line = strings.TrimSpace(line); {
		case strings.Contains(line, "chanlint ") && strings.HasSuffix(line, "vet.cfg"):
			did.analyzed++
		case strings.Contains(line, "/compile -o "):
			did.compiled++
		}
	}
	return stdout.String(), did
}

// serve starts the cache server and returns its address.
func serve(t *testing.T, program string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	cmd := exec.Command(program, "-cache-dir", t.TempDir(), "-listen", address)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	for range 100 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return "http://" + address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the cache server does not answer")
	return ""
}

func run(t *testing.T, dir string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
