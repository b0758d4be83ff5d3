// Package thumbs makes thumbnails of pictures. It has mistakes that the compiler
// and go vet have nothing to say about.
package thumbs

import "fmt"

// A Thumb is a small picture.
type Thumb struct {
	Name string
	Size int
}

// MakeAll makes thumbnails in the background. The explicit close lets the loop
// end, and then the deferred one panics.
func MakeAll(names []string) []Thumb {
	thumbs := make(chan Thumb, len(names))
	defer close(thumbs)
	for _, name := range names {
		thumbs <- Thumb{Name: name, Size: len(name)}
	}
	close(thumbs)
	var all []Thumb
	for t := range thumbs {
		all = append(all, t)
	}
	return all
}

// TotalSize adds up sizes that a goroutine sends. It sends the last one and
// goes, nobody closes the channel, and the loop waits for ever.
func TotalSize(thumbs []Thumb) int {
	sizes := make(chan int)
	go func() {
		for _, t := range thumbs {
			sizes <- t.Size
		}
	}()
	total := 0
	for size := range sizes {
		total += size
	}
	return total
}

// Progress reports every thumbnail, and after the last that all are done, but
// by then the channel is closed.
func Progress(thumbs []Thumb) <-chan string {
	lines := make(chan string, len(thumbs)+1)
	for _, t := range thumbs {
		lines <- "made " + t.Name
	}
	close(lines)
	lines <- fmt.Sprintf("%d made", len(thumbs))
	return lines
}
