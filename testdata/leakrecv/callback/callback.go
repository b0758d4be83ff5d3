// Package callback waits in methods that the standard library calls.
package callback

import (
	"bytes"
	"io"
)

// A source waits for the next piece each time it is read.
type source struct {
	next chan []byte
}

func (s *source) Read(p []byte) (int, error) {
	piece, ok := <-s.next // leaks in full_bad, copied_bad // want `receive from s\.next blocks forever.*`
	if !ok {
		return 0, io.EOF
	}
	return copy(p, piece), nil
}

type stream struct{ r io.Reader }

func (s *stream) read(p []byte) (int, error) { return io.ReadFull(s.r, p) }

func newStream(c chan []byte) *stream { return &stream{r: &source{next: c}} }

// Nobody has anything to read.
func full_bad() {
	s := newStream(make(chan []byte))
	go func() {
		_, _ = s.read(make([]byte, 3))
	}()
}

// It ends.
func full_ok() {
	c := make(chan []byte)
	s := newStream(c)
	go func() {
		_, _ = s.read(make([]byte, 3))
	}()
	close(c)
}

// One piece is enough for a small buffer.
func piece_ok() {
	c := make(chan []byte)
	s := newStream(c)
	done := make(chan bool)
	go func() {
		_, _ = s.read(make([]byte, 3))
		close(done)
	}()
	c <- []byte("abc")
	<-done
}

// Two pieces are as well.
func pieces_ok() {
	c := make(chan []byte)
	s := newStream(c)
	done := make(chan bool)
	go func() {
		_, _ = s.read(make([]byte, 3))
		close(done)
	}()
	c <- []byte("ab")
	c <- []byte("c")
	<-done
}

func copied_bad() {
	src := &source{next: make(chan []byte)}
	go func() {
		var buf bytes.Buffer
		_, _ = io.Copy(struct{ io.Writer }{&buf}, src)
	}()
}

func copied_ok() {
	src := &source{next: make(chan []byte)}
	go func() {
		defer close(src.next)
		src.next <- []byte("a")
		src.next <- []byte("b")
	}()
	var buf bytes.Buffer
	_, _ = io.Copy(struct{ io.Writer }{&buf}, src)
}
