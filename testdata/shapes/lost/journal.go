package lost

import (
	"bytes"
	"math/rand/v2"
	"os"
)

// A journal yields as many entries as were appended.
type journal struct {
	entries bytes.Buffer
	last    byte
}

func (j *journal) append() { j.entries.WriteByte(0) }

func (j *journal) next() bool {
	b, err := j.entries.ReadByte()
	j.last = b
	return err == nil
}

// How often next says yes depends on what has been sent.
func journal_ok() {
	j := new(journal)
	input := make(chan int, 5)
	written := make(chan struct{})
	go func() {
		defer close(written)
		for i := range 5 {
			if rand.IntN(3) == 0 {
				return
			}
			input <- i
			j.append()
		}
	}()
	<-written
	for j.next() {
		<-input
	}
}

// A ledger does so page by page.
type ledger struct {
	pages   [][]int
	page, n int
}

func (l *ledger) append(n int) {
	if last := len(l.pages) - 1; last < 0 || len(l.pages[last]) == 2 {
		l.pages = append(l.pages, []int{n})
	} else {
		l.pages[last] = append(l.pages[last], n)
	}
}

func (l *ledger) next() bool {
	for l.page < len(l.pages) {
		page := l.pages[l.page]
		switch {
		case l.n < len(page) && page[l.n] < 0:
			l.n++
			continue
		case l.n < len(page):
			l.n++
			return true
		}
		l.page++
		l.n = 0
	}
	return false
}

// The same, of a method that is too long to follow for a condition.
func ledger_ok() {
	l := new(ledger)
	input := make(chan int, 5)
	written := make(chan struct{})
	go func() {
		defer close(written)
		for i := range 5 {
			if _, err := os.Stat("."); err != nil {
				return
			}
			input <- i
			l.append(i)
		}
	}()
	<-written
	for l.next() {
		<-input
	}
}
