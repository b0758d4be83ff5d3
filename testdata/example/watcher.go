package thumbs

// A Watcher makes thumbnails of the pictures that turn up in a folder.
type Watcher struct {
	folder string
	stop   chan struct{}
}

// NewWatcher forgets to make the channel.
func NewWatcher(folder string) *Watcher {
	return &Watcher{folder: folder}
}

// Run makes thumbnails until Stop is called.
func (w *Watcher) Run(pictures <-chan string, out chan<- Thumb) {
	for {
		select {
		case name := <-pictures:
			out <- Thumb{Name: w.folder + "/" + name}
		case <-w.stop:
			return
		}
	}
}

// Stop is meant to end Run. It panics.
func (w *Watcher) Stop() {
	close(w.stop)
}

// First waits for the first picture of a folder, on a channel that is declared
// and never made.
func First(folder string) string {
	var found chan string
	go func() {
		found <- folder + "/1.png"
	}()
	return <-found
}
