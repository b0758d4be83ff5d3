package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// condOf returns the condition variable that a call of sync.NewCond makes, if
// its lock is a mutex of the model.
func (b *builder) condOf(f *frame, call ssa.CallInstruction) (cond, bool) {
	lock, ok := b.mutexAt(b.val(f, call.Common().Args[0]))
	return cond{lock}, ok
}

// mutexAt returns the register of the mutex that v points to.
func (b *builder) mutexAt(v value) (regKey, bool) {
	a, ok := v.(address)
	if !ok {
		return regKey{}, false
	}
	a = b.original(a)
	return cellKey(a), primOf(elemOf(a)) == mutex
}

// condLock returns the register of the lock of the condition variable that a
// method is called on.
func (b *builder) condLock(f *frame, recv ssa.Value) (regKey, bool) {
	switch got := b.val(f, recv).(type) {
	case cond:
		return got.lock, !b.poisoned[got.lock]
	case address:
		st, ok := elemOf(got).Underlying().(*types.Struct)
		if !ok {
			return regKey{}, false
		}
		for i := range st.NumFields() {
			if st.Field(i).Name() == "L" {
				k, ok := b.mutexAt(b.stored(b.field(got, i)))
				return k, ok && !b.poisoned[k]
			}
		}
	}
	return regKey{}, false
}

// emitCondWait builds Cond.Wait: it gives up the lock, is woken at any time or
// never, and takes the lock again. The condition that the program waits for is
// not followed, so that what happens after a wait proves nothing: it only shows
// what is still possible.
func (b *builder) emitCondWait(c *cursor, f *frame, instr ssa.CallInstruction) {
	lock, ok := b.condLock(f, instr.Common().Args[0])
	if ok {
		c.emit(model.Node{Op: model.Unlock, Ref: c.p.refReg(lock)}, 1)
	}
	c.emit(model.Node{Op: model.Select, Cases: []model.Case{{Env: true}}}, 1)
	c.doubt()
	if ok {
		c.emit(model.Node{Op: model.Lock, Ref: c.p.refReg(lock), Tag: b.site(SiteLock, instr, instr.Pos())}, 1)
	}
}
