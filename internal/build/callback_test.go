package build

import (
	"fmt"
	"io"
	"sync/atomic"
	"testing"
)

// calls counts the calls of its methods; a read yields one byte, the third the end.
type calls struct{ reads, writes int }

func (c *calls) Read(p []byte) (int, error) {
	c.reads++
	if c.reads == 3 {
		return 0, io.EOF
	}
	return min(len(p), 1), nil
}

func (c *calls) Write(p []byte) (int, error) {
	c.writes++
	return len(p), nil
}

func readers(t *testing.T) {
	reads := func(f func(r io.Reader)) int {
		c := new(calls)
		f(c)
		return c.reads
	}
	one, many := make([]byte, 1), make([]byte, 10)
	for _, r := range []struct {
		name      string
		got, want int
	}{
		{"ReadFull of one byte", reads(func(r io.Reader) { _, _ = io.ReadFull(r, one) }), 1},
		{"ReadFull of many", reads(func(r io.Reader) { _, _ = io.ReadFull(r, many) }), 3},
		{"ReadAtLeast", reads(func(r io.Reader) { _, _ = io.ReadAtLeast(r, many, 2) }), 2},
		{"ReadAll", reads(func(r io.Reader) { _, _ = io.ReadAll(r) }), 3},
		{"Copy", reads(func(r io.Reader) { _, _ = io.Copy(io.Discard, r) }), 3},
		{"CopyBuffer", reads(func(r io.Reader) { _, _ = io.CopyBuffer(io.Discard, r, many) }), 3},
		{"CopyN", reads(func(r io.Reader) { _, _ = io.CopyN(io.Discard, r, 2) }), 2},
	} {
		if r.got != r.want {
			t.Errorf("%s reads %d times, want %d", r.name, r.got, r.want)
		}
	}
}

func writers(t *testing.T) {
	c := new(calls)
	_, _ = io.WriteString(c, "a")
	_, _ = fmt.Fprint(c, "a", 1)
	_, _ = fmt.Fprintf(c, "%d %s", 1, "a")
	_, _ = fmt.Fprintln(c, "a", "b")
	if c.writes != 4 {
		t.Errorf("%d writes, want 4", c.writes)
	}
}

// TestAtomics runs what the model claims of package sync/atomic.
func TestAtomics(t *testing.T) {
	var n atomic.Int32
	n.Store(2)
	expect(t, "Add returns the new value", n.Add(-1) == 1, true)
	expect(t, "Swap returns the old value", n.Swap(5) == 1 && n.Load() == 5, true)
	expect(t, "CompareAndSwap fails", n.CompareAndSwap(4, 6), false)
	expect(t, "and changes nothing", n.Load() == 5, true)
	expect(t, "CompareAndSwap succeeds", n.CompareAndSwap(5, 6) && n.Load() == 6, true)
	var f atomic.Bool
	expect(t, "a flag starts false", f.Load() || f.Swap(true), false)
	expect(t, "and is swapped", f.CompareAndSwap(true, false), true)
	old := int64(1)
	expect(t, "functions do the same", atomic.AddInt64(&old, 1) == 2 && atomic.SwapInt64(&old, 7) == 2 &&
		atomic.CompareAndSwapInt64(&old, 7, 8) && atomic.LoadInt64(&old) == 8, true)
}
