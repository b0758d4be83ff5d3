package driver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A goRun runs go vet or go fix with our tool.
type goRun struct {
	goCmd   string
	tool    string
	options *options
	stderr  io.Writer
}

// vetOutput is what a run of go vet has said.
type vetOutput struct {
	documents [][]byte // JSON from the vet tool, one for each package
	messages  string   // everything else: compiler errors, warnings, downloads
}

// command returns the go command with the flags that vet and fix share.
func (g *goRun) command(ctx context.Context, verb string, flags ...string) *exec.Cmd {
	// Under -trimpath, which GOFLAGS may set, the go command's cache does not
	// tell two checkouts apart and returns findings with the other's paths. Where
	// that is asked for they are set right; go fix would write to them.
	trim := verb == "vet" && g.options.trimpath
	args := slices.Concat([]string{verb, "-" + verb + "tool=" + g.tool, "-trimpath=" + strconv.FormatBool(trim)}, flags,
		g.options.buildFlags, g.options.toolFlags, []string{"--"}, g.options.patterns)
	cmd := exec.CommandContext(ctx, g.goCmd, args...)
	cmd.Dir = g.options.dir
	// The go command cleans up when it is interrupted, not when it is killed.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// vet runs go vet and returns what it said, even if it failed. The error says
// in one line that it failed; the reasons are among the messages.
func (g *goRun) vet(ctx context.Context) (*vetOutput, error) {
	cmd := g.command(ctx, "vet", "-json")
	p := startProgress(g.stderr)
	defer p.stop()
	stdout, stderr := new(splitter), new(splitter)
	stdout.onDocument, stderr.onDocument = p.packageDone, p.packageDone
	stderr.isText = func(document []byte) bool { return json.Unmarshal(document, new(vetTree)) != nil } // -x prints other JSON
	if g.options.verbose {
		stderr.live = g.stderr
	}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	// A go command before 1.26 sends everything to standard error.
	documents := slices.Concat(stdout.flush(), stderr.flush())
	messages := stdout.text.String() + stderr.text.String()
	if g.options.trimpath {
		packages, err := g.list(ctx)
		if err != nil {
			return nil, err
		}
		documents = relocate(documents, packages)
	}
	return &vetOutput{documents, messages}, g.failed("go vet", err)
}

// fix runs go fix, which applies the fixes, or with -diff prints them to w. The
// status is that of the whole command if it goes no further.
func (g *goRun) fix(ctx context.Context, w io.Writer) (int, error) {
	var flags []string
	if g.options.diff {
		flags = append(flags, "-diff")
	}
	cmd := g.command(ctx, "fix", flags...)
	changes := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = changes, g.stderr
	err := cmd.Run()
	if _, err := w.Write(changes.Bytes()); err != nil {
		return 0, err
	}
	// With -diff, go fix fails if there is anything to print.
	if exit := (*exec.ExitError)(nil); g.options.diff && errors.As(err, &exit) && changes.Len() > 0 {
		return statusFindings, nil
	}
	return statusClean, g.failed("go fix", err)
}

// failed says what a failed run of the go command means.
func (g *goRun) failed(verb string, err error) error {
	if err == nil {
		return nil
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		return fmt.Errorf("%s failed; its messages stand above, and what they name was not checked", verb)
	}
	return fmt.Errorf("%s: %w", verb, err)
}

// A splitter is a writer that separates the JSON documents of vet tools from
// the text around them. The go command copies each document as a whole, and
// they are indented: a document is the lines from one that is "{" to the next
// that is "}".
type splitter struct {
	mu         sync.Mutex
	partial    []byte // an incomplete line
	current    []byte // an incomplete document
	documents  [][]byte
	text       strings.Builder
	live       io.Writer                  // if not nil, where text goes at once instead
	isText     func(document []byte) bool // if not nil, reports whether a document is none after all
	onDocument func()                     // if not nil, called after each document
}

func (s *splitter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.partial = append(s.partial, p...)
	for {
		i := bytes.IndexByte(s.partial, '\n')
		if i < 0 {
			return len(p), nil
		}
		s.line(s.partial[:i+1])
		s.partial = s.partial[i+1:]
	}
}

// line takes one more line of the stream.
func (s *splitter) line(line []byte) {
	content := string(bytes.TrimRight(line, "\r\n"))
	inDocument := len(s.current) > 0
	if !inDocument && content != "{" && content != "{}" {
		s.addText(line)
		return
	}
	s.current = append(s.current, line...)
	if content == "}" || content == "{}" && !inDocument {
		s.addDocument(s.current)
		s.current = nil
	}
}

func (s *splitter) addDocument(document []byte) {
	if s.isText != nil && s.isText(document) {
		s.addText(document)
		return
	}
	s.documents = append(s.documents, document)
	if s.onDocument != nil {
		s.onDocument()
	}
}

func (s *splitter) addText(text []byte) {
	if s.live != nil {
		s.live.Write(text) // there is nowhere to report that standard error is closed
		return
	}
	s.text.Write(text)
}

// flush returns the documents. What looked like one and was cut off is text.
func (s *splitter) flush() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addText(s.current)
	s.addText(s.partial)
	return s.documents
}

// messageBlocks splits the go command's messages at the lines "# package" that
// it puts before the errors of each. It sorts the blocks, since they come in
// the order in which compilations happened to end; what precedes the first
// stays first.
func messageBlocks(messages string) []string {
	var blocks []string
	var block strings.Builder
	scanner := bufio.NewScanner(strings.NewReader(messages))
	scanner.Buffer(nil, len(messages)+1)
	for scanner.Scan() {
		// "# [package]" follows "# package" when a vet tool has failed.
		if header := scanner.Text(); strings.HasPrefix(header, "# ") && !strings.HasPrefix(header, "# [") && block.Len() > 0 {
			blocks = append(blocks, block.String())
			block.Reset()
		}
		block.WriteString(scanner.Text() + "\n")
	}
	blocks = append(blocks, block.String())
	if strings.HasPrefix(blocks[0], "# ") {
		slices.Sort(blocks)
	} else {
		slices.Sort(blocks[1:])
	}
	return blocks
}
