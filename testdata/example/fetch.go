package thumbs

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

var errTimeout = errors.New("no picture within a second")

// Fetch gets a picture from the network, or gives up after a second. Then nobody
// receives what the goroutine sends, and it stays behind for ever.
func Fetch(url string) ([]byte, error) {
	picture := make(chan []byte)
	go func() {
		picture <- download(url)
	}()
	select {
	case data := <-picture:
		return data, nil
	case <-time.After(time.Second):
		return nil, errTimeout
	}
}

// download returns what is at url, or nothing if there is nothing.
func download(url string) []byte {
	resp, err := http.Get(url)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil
	}
	return data
}

// Shrink waits for the workers before it receives what they send, so that they
// wait for each other.
func Shrink(pictures [][]byte) []Thumb {
	var wg sync.WaitGroup
	thumbs := make(chan Thumb)
	for _, picture := range pictures {
		wg.Go(func() {
			thumbs <- Thumb{Size: len(picture) / 100}
		})
	}
	wg.Wait()
	close(thumbs)
	var all []Thumb
	for t := range thumbs {
		all = append(all, t)
	}
	return all
}

// Serve starts a server and returns when it listens. If it cannot listen, Serve
// does not return.
func Serve(listen func() error) {
	ready := make(chan struct{})
	go func() {
		if err := listen(); err != nil {
			return
		}
		close(ready)
	}()
	<-ready
}
