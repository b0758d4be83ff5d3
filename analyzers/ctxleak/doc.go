// Package ctxleak reports a context that nobody can end although a goroutine
// waits for its end.
//
// # What it reports
//
// A context made by context.WithCancel or WithCancelCause of context.Background
// or context.TODO, and a goroutine that returns when the context ends and not
// before, where
//
//   - the cancel function is kept in an unexported field or a variable from which
//     nothing ever calls it; or a second one is assigned to its variable before
//     anything has called the first;
//   - a method stores another cancel function in the field and then starts the
//     goroutine, which waits for the context that the first one would have ended.
//
// A cancel function that is assigned to the blank identifier is reported by go
// vet's lostcancel.
//
// # Example
//
//	func New() *Poller {
//		p := new(Poller)
//		p.ctx, p.cancel = context.WithCancel(context.Background()) // context never ends: nothing calls cancel, and the goroutine started at line 4 waits for it; goroutine leaks
//		go p.run()
//		return p
//	}
//
//	func (p *Poller) run() {
//		for {
//			select {
//			case <-p.ticker.C:
//				p.poll()
//			case <-p.ctx.Done():
//				return
//			}
//		}
//	}
//
//	func (p *Poller) Close() { p.ticker.Stop() }
//
// # Corrected
//
//	func (p *Poller) Close() {
//		p.cancel()
//		p.ticker.Stop()
//	}
//
// # What it stays silent about
//
// A context that has a parent or a deadline, which may end it. A cancel function
// that leaves the package: returned, handed to another function, kept in an
// exported field, a slice, a map or an interface. A goroutine that has another
// way out: a return, a break, a second channel that ends it. Contexts made in
// main, init and TestMain, which may last as long as the program. A goroutine of
// which leakrecv says already where it blocks.
//
// # Silencing
//
//	//lint:ignore chanlint/ctxleak the poller lasts as long as the process
//	p.ctx, p.cancel = context.WithCancel(context.Background())
package ctxleak
