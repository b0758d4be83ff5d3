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
//   - two locks of one object that two functions take in opposite orders, or of an
//     object and of what is in a map or slice of it; a lock that stays locked when a
//     function returns counts as held until it is unlocked;
//   - a return that leaves a lock locked which the function unlocks on another way
//     out: if the function returns nothing, or an error that is not plainly nil, and
//     no function of the package unlocks for another one.
//
// A lock counts as held where every path that leads there has taken it, and as
// taken again by a function that takes it on every path. It has to be the same
// lock: the same fields of the same object, on a way from one to the other that no
// function of the package changes. What is found in a map is taken to be any
// element of it.
//
// Two orders do no harm under a third lock. They are reported if the package itself
// starts two goroutines with the object, one for each order. If it is callers in
// other packages who may or may not do so, the report is only likely.
//
// # Example
//
//	func (c *Cache) Clear() {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		for key := range c.entries {
//			c.Delete(key) // c.Delete blocks forever: it locks c.mu at line 10, which is already locked at line 2
//		}
//	}
//
//	func (c *Cache) Delete(key string) {
//		c.mu.Lock()
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
// A lock that is held on some paths only, or that a called function takes again
// only under a condition. Two objects of one type, such as a node and its child.
// Calls through interfaces and function values. Locks of which some function gives
// up what another goroutine has locked. Two orders of which one is never taken
// while the other can be. Deadlocks in which channels take part are reported by
// lockchan.
//
// # Silencing
//
//	//lint:ignore chanlint/deadlock nobody writes once the readers have started
//	c.mu.RLock()
package deadlock
