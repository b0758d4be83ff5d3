package repair

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/model"
)

// unheeded reports whether nobody relies on a send having been received when
// its goroutine goes on: a buffer then changes nothing but who waits.
func (u *usage) unheeded() bool {
	if !u.heard {
		return len(u.sends) > 0
	}
	for send, i := range u.sends {
		switch {
		case i == 0:
			// Nobody else is there to be waited for.
			if len(u.procs) > 1 {
				return false
			}
		case send.Parent() != u.m.Fns[i] || !u.nothingAfter(send):
			return false
		}
	}
	return len(u.sends) > 0
}

// nothingAfter reports whether all that follows instr in its function is more of
// the same: sends on the channel, its close, and the goroutine's farewell to a
// group that is waited for only to close the channel.
func (u *usage) nothingAfter(instr ssa.Instruction) bool {
	ok := true
	after(instr, func(next ssa.Instruction) { ok = ok && u.idle(next) })
	return ok
}

// after yields the instructions that may follow instr in its function.
func after(instr ssa.Instruction, yield func(ssa.Instruction)) {
	blk := instr.Block()
	for i, other := range blk.Instrs {
		if other == instr {
			for _, next := range blk.Instrs[i+1:] {
				yield(next)
			}
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock(nil), blk.Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		for _, next := range b.Instrs {
			yield(next)
		}
		work = append(work, b.Succs...)
	}
}

// idle reports whether an instruction means nothing to other goroutines, apart
// from what the model shows of the channel.
func (u *usage) idle(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Send:
		return u.own[instr]
	case *ssa.UnOp:
		_, isChan := instr.X.Type().Underlying().(*types.Chan)
		return !isChan
	case *ssa.Select, *ssa.Go, *ssa.MapUpdate:
		return false
	case *ssa.Store:
		return build.IsLocal(instr.Addr)
	case *ssa.Call:
		return u.farewell(instr, &instr.Call)
	case *ssa.RunDefers:
		return u.idleDefers(instr.Parent())
	}
	return true
}

// idleDefers reports whether all deferred calls of fn are idle.
func (u *usage) idleDefers(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && !u.farewell(d, &d.Call) {
				return false
			}
		}
	}
	return true
}

// farewell reports whether a call only ends what the goroutine has to do.
func (u *usage) farewell(instr ssa.Instruction, call *ssa.CallCommon) bool {
	if b, ok := call.Value.(*ssa.Builtin); ok {
		return b.Name() != "close" || u.own[instr]
	}
	callee := call.StaticCallee()
	if callee == nil {
		return false
	}
	if callee.Pkg != nil && callee.Pkg.Pkg.Path() == "sync" && callee.Name() == "Done" {
		return u.waitsOnlyToClose()
	}
	if callee.Parent() == nil || callee.Blocks == nil {
		return false
	}
	for _, blk := range callee.Blocks {
		for _, instr := range blk.Instrs {
			if !u.idle(instr) {
				return false
			}
		}
	}
	return true
}

// waitsOnlyToClose reports whether whoever waits for a group is a goroutine that
// then does nothing but close the channel.
func (u *usage) waitsOnlyToClose() bool {
	ok := true
	nodes(u.m, func(i int, n *model.Node) {
		if n.Op != model.Wait {
			return
		}
		site, _ := u.m.Site(n.Tag)
		wait, isCall := site.Instr.(*ssa.Call)
		if !isCall || i == 0 || wait.Parent() != u.m.Fns[i] {
			ok = false
			return
		}
		after(wait, func(next ssa.Instruction) { ok = ok && u.closes(next) })
	})
	return ok
}

// closes reports whether an instruction closes the channel, or is idle without
// a call.
func (u *usage) closes(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Call:
		return u.own[instr]
	case *ssa.RunDefers:
		for _, blk := range instr.Parent().Blocks {
			for _, other := range blk.Instrs {
				if d, ok := other.(*ssa.Defer); ok && !u.own[d] {
					return false
				}
			}
		}
		return true
	}
	return u.idle(instr)
}
