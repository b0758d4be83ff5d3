package driver

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/chanlint/chanlint/internal/output"
)

// Progress appears after a while, so that a run answered from the cache shows
// none, and is redrawn rarely, so that it costs nothing.
const (
	progressDelay = time.Second
	progressEvery = 200 * time.Millisecond
)

// progress shows on a terminal how many packages have been checked. How many
// there will be only the go command knows.
type progress struct {
	w     io.Writer
	begun time.Time
	done  chan struct{} // closed to stop
	ended sync.WaitGroup

	mu       sync.Mutex
	packages int
}

// startProgress starts to show progress on w if it is a terminal.
func startProgress(w io.Writer) *progress {
	p := &progress{w: w, begun: time.Now(), done: make(chan struct{})}
	if isTerminal(w) {
		p.ended.Go(p.show)
	}
	return p
}

// show redraws the line until p stops, then takes it away.
func (p *progress) show() {
	ticker := time.NewTicker(progressEvery)
	defer ticker.Stop()
	drawn := false
	for {
		select {
		case <-p.done:
			if drawn {
				fmt.Fprint(p.w, "\r\x1b[K")
			}
			return
		case now := <-ticker.C:
			if elapsed := now.Sub(p.begun); elapsed >= progressDelay {
				fmt.Fprint(p.w, "\r\x1b[K"+p.line(elapsed))
				drawn = true
			}
		}
	}
}

// line says how far the run has come.
func (p *progress) line(elapsed time.Duration) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("chanlint: %s checked, %d s", output.Count(p.packages, "package"), int(elapsed.Seconds()))
}

// packageDone counts a package.
func (p *progress) packageDone() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.packages++
}

// stop takes the line away. It must be called once.
func (p *progress) stop() {
	close(p.done)
	p.ended.Wait()
}

// isTerminal reports whether w is a terminal, or a device that minds escape
// sequences as little.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
