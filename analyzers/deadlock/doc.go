// Package deadlock reports a goroutine that waits forever for a lock that it
// holds itself, or that the one who holds it cannot give up.
//
// # What it reports
//
// Of a sync.Mutex or sync.RWMutex, in a variable or a field:
//
//   - a Lock or RLock by the goroutine that has already locked it, in one function
//     or by a method that calls another one under the lock;
//   - an RLock under an RLock of the same lock, where others lock it for writing: if
//     a Lock comes in between, it waits for the first reader, and the second
//     reader waits for it;
//   - a return that leaves a lock locked which the function unlocks on another way
//     out: if the function returns nothing, or an error that is not plainly nil, and
//     no function of the package unlocks for another one.
//
// The lock has to be held on every path that leads to the call, and every path
// through the functions called on the way has to take it again. It has to be the
// same lock: the same fields of the same object, on a way from one to the other
// that no function of the package changes.
//
// # Example
//
//	func (c *Cache) Clear() {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		for key := range c.entries {
//			c.Delete(key)
//		}
//	}
//
//	func (c *Cache) Delete(key string) {
//		c.mu.Lock() // c.mu.Lock blocks forever: Clear calls this at line 5 with c.mu locked at line 2
//		defer c.mu.Unlock()
//		delete(c.entries, key)
//	}
//
// # Corrected
//
//	func (c *Cache) Clear() {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		for key := range c.entries {
//			c.deleteLocked(key)
//		}
//	}
//
//	func (c *Cache) Delete(key string) {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		c.deleteLocked(key)
//	}
//
//	func (c *Cache) deleteLocked(key string) { delete(c.entries, key) }
//
// # What it stays silent about
//
// A lock that is held on some paths only, or that a called function takes only
// under a condition. Calls through interfaces and function values. Locks of which
// some function gives up what another goroutine has locked. Locks in maps and
// slices, unless it is plainly the same element. Deadlocks in which channels take
// part are reported by lockchan.
//
// # Silencing
//
//	//lint:ignore chanlint/deadlock nobody writes once the readers have started
//	c.mu.RLock()
package deadlock
