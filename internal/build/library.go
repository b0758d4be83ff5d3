package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// libraryName returns "path.Func" or "path.Type.Method" of a called function,
// or "" if it is not declared in a package.
func libraryName(common *ssa.CallCommon) string {
	obj := calleeObject(common)
	if obj == nil || obj.Pkg() == nil {
		return ""
	}
	name := obj.Pkg().Path() + "."
	if recv := obj.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		named, ok := types.Unalias(t).(*types.Named)
		if !ok {
			return ""
		}
		name += named.Obj().Name() + "."
	}
	return name + obj.Name()
}

// syncOps are the operations of package sync that are one node. The models
// follow the documentation of package sync.
var syncOps = map[string]struct {
	op   model.Opcode
	n    int
	kind SiteKind
}{
	"sync.WaitGroup.Done":  {model.Add, -1, SiteAdd},
	"sync.WaitGroup.Wait":  {model.Wait, 0, SiteWait},
	"sync.Mutex.Lock":      {model.Lock, 0, SiteLock},
	"sync.Mutex.Unlock":    {model.Unlock, 0, SiteUnlock},
	"sync.RWMutex.Lock":    {model.Lock, 0, SiteLock},
	"sync.RWMutex.Unlock":  {model.Unlock, 0, SiteUnlock},
	"sync.RWMutex.RLock":   {model.RLock, 0, SiteLock},
	"sync.RWMutex.RUnlock": {model.RUnlock, 0, SiteUnlock},
	"sync.Locker.Lock":     {model.Lock, 0, SiteLock},
	"sync.Locker.Unlock":   {model.Unlock, 0, SiteUnlock},
}

const errgroup = "golang.org/x/sync/errgroup."

// invokeModel builds a call of a library function that the model knows.
// handled is false for all others; done is as for invoke.
func (b *builder) invokeModel(c *cursor, at key, instr ssa.CallInstruction, next key) (done, handled bool) {
	f, common := at.frame, instr.Common()
	switch got := b.val(f, common.Value).(type) {
	case cancel:
		b.emitCancel(c, got.done, instr)
		return false, true
	case onceFunc:
		return b.runOnce(c, at, instr, next, got.reg, got.fn), true
	}
	name := libraryName(common)
	if op, ok := syncOps[name]; ok {
		if k, ok := b.primReg(f, callArgs(common)[0]); ok {
			c.emit(model.Node{Op: op.op, Ref: c.p.refReg(k), Expr: fixed(op.n), Tag: b.site(op.kind, instr, instr.Pos())}, 1)
		} else if op.op == model.Wait {
			b.orderLost = true
		}
		return false, true
	}
	if b.emitAtomic(c, f, instr) {
		return false, true
	}
	if isAtomicLoad(name) {
		return false, true
	}
	switch name {
	case "sync.WaitGroup.Add":
		b.emitAdd(c, f, instr)
		return false, true
	case "sync.WaitGroup.Go":
		return false, b.emitGroupGo(c, at, instr)
	case errgroup + "Group.Go", errgroup + "Group.TryGo":
		return false, b.emitGroupGo(c, at, instr)
	case errgroup + "Group.SetLimit":
		b.emitSetLimit(c, f, instr)
		return false, true
	case semaphore + "NewWeighted", semaphore + "Weighted.Acquire",
		semaphore + "Weighted.TryAcquire", semaphore + "Weighted.Release":
		return false, b.emitWeighted(c, f, instr, name)
	case errgroup + "Group.Wait":
		return false, b.emitGroupWait(c, f, instr)
	case "sync.Cond.Wait":
		b.emitCondWait(c, f, instr)
		return false, true
	case "sync.Cond.Signal", "sync.Cond.Broadcast":
		b.emitSignal(c, f, instr, name == "sync.Cond.Broadcast")
		return false, true
	case "sync.NewCond":
		v, ok := b.condOf(f, instr)
		if ok && !b.poisoned[v.key] {
			b.emitMakeCond(c, v, b.site(SiteMake, instr, instr.Pos()))
		}
		return false, ok
	case "sync.Once.Do":
		k, ok := b.primReg(f, common.Args[0])
		fn, isClosure := b.val(f, common.Args[1]).(closure)
		if !ok || !isClosure {
			return false, false
		}
		return b.runOnce(c, at, instr, next, k, fn), true
	case "sync.OnceFunc":
		if v, ok := b.val(f, instr.Value()).(onceFunc); ok {
			b.emitMakePrim(c, v.reg, once, 0)
			return false, true
		}
	case "context.WithCancel", "context.WithTimeout", "context.WithDeadline",
		"context.WithCancelCause", "context.WithTimeoutCause", "context.WithDeadlineCause",
		errgroup + "WithContext":
		if v, ok := instr.(*ssa.Call); ok {
			b.emitContext(c, f, v, name)
			return false, true
		}
	case "context.Context.Done", "context.Context.Err", "context.Context.Value", "context.Context.Deadline",
		"context.WithValue", "context.WithoutCancel", "context.Background", "context.TODO":
		if name == "context.WithValue" {
			b.emitEscape(c, f, common.Args[1:]...)
		}
		if v, ok := instr.(*ssa.Call); ok {
			b.emitUnknownInt(c, f, v)
		}
		return false, true
	case "time.AfterFunc":
		if v, ok := instr.(*ssa.Call); !ok || len(*v.Referrers()) > 0 {
			return false, false // it may be stopped, and the program know whether it was
		}
		if fn, ok := b.val(f, common.Args[1]).(closure); ok && fn.fn.Blocks != nil {
			b.spawn(c, at, instr, origin(fn.fn), fn.binds, nil)
			return false, true
		}
	case "testing.T.Run", "testing.B.Run":
		return b.runSubtest(c, at, instr, next)
	case "testing.common.Error", "testing.common.Errorf", "testing.common.Fail",
		"testing.TB.Error", "testing.TB.Errorf", "testing.TB.Fail":
		return b.failTest(c, instr, SiteError), true
	}
	return false, false
}

// primReg returns the register of the primitive that a method is called on.
func (b *builder) primReg(f *frame, recv ssa.Value) (regKey, bool) {
	switch got := b.val(f, recv).(type) {
	case address:
		k := cellKey(b.original(got))
		return k, !b.poisoned[k]
	case group:
		return got.wg, true
	}
	return regKey{}, false
}

func (b *builder) emitAdd(c *cursor, f *frame, instr ssa.CallInstruction) {
	args := instr.Common().Args
	k, ok := b.primReg(f, args[0])
	if !ok {
		return
	}
	n, ok := b.expr(f, args[1], 0)
	if !ok {
		b.poison(k)
		return
	}
	c.emit(model.Node{Op: model.Add, Ref: c.p.refReg(k), Expr: n, Tag: b.site(SiteAdd, instr, instr.Pos())}, 1)
}

// emitGroupGo builds WaitGroup.Go, errgroup.Group.Go and TryGo. The group's context
// ends when a function fails, which the environment decides.
func (b *builder) emitGroupGo(c *cursor, at key, instr ssa.CallInstruction) bool {
	f := at.frame
	args := instr.Common().Args
	k, ok := b.primReg(f, args[0])
	fn, isClosure := b.val(f, args[1]).(closure)
	if !isClosure || fn.fn.Blocks == nil {
		return false
	}
	try := libraryName(instr.Common()) == errgroup+"Group.TryGo"
	if !ok {
		if try {
			return false
		}
		b.spawn(c, at, instr, origin(fn.fn), fn.binds, nil)
		return true
	}
	end, full := b.enterGroup(c, k, try)
	c.emit(model.Node{Op: model.Add, Ref: c.p.refReg(k), Expr: fixed(1), Tag: b.site(SiteAdd, instr, instr.Pos())}, 1)
	end = append(end, epilogue{op: model.Add, reg: k, n: -1})
	b.spawn(c, at, instr, origin(fn.fn), fn.binds, end)
	if try {
		b.setResult(c, f, instr, 1)
		b.setResult(full, f, instr, 0)
		c.join(full)
	}
	return true
}

func (b *builder) emitGroupWait(c *cursor, f *frame, instr ssa.CallInstruction) bool {
	k, ok := b.primReg(f, instr.Common().Args[0])
	if !ok {
		b.orderLost = true
		return false
	}
	c.emit(model.Node{Op: model.Wait, Ref: c.p.refReg(k), Tag: b.site(SiteWait, instr, instr.Pos())}, 1)
	if v, ok := instr.(*ssa.Call); ok {
		b.emitUnknownInt(c, f, v)
	}
	return true
}

// runOnce builds Once.Do and the call of what OnceFunc returns.
func (b *builder) runOnce(c *cursor, at key, instr ssa.CallInstruction, next key, once regKey, fn closure) bool {
	f := at.frame
	if fn.fn.Blocks == nil {
		b.unknownCall(c, f, instr)
		return false
	}
	n := c.emit(model.Node{Op: model.Begin, Ref: c.p.refReg(once), Tag: b.site(SiteOnce, instr, instr.Pos())}, 2)
	first, later := c.branch(n, 0), c.branch(n, 1)
	c.holes = nil
	later.jump(next)
	nf := b.newFrame(frameKey{parent: f, call: instr, defers: at.defers, env: at.env, mode: at.mode}, origin(fn.fn), fn.binds, f, instr)
	nf.args = map[ssa.Value]frameValue{}
	for _, param := range nf.fn.Params {
		delete(nf.binds, param)
	}
	nf.parent, nf.owner, nf.depth, nf.ret = f, f.owner, f.depth+1, &next
	nf.epilogue = []epilogue{{op: model.Finish, reg: once}}
	b.enterFrame(first, nf)
	first.jump(key{frame: nf, block: nf.fn.Blocks[0], env: at.env})
	return true
}

// runSubtest builds T.Run as a call: the subtest runs in a goroutine of its
// own, but Run waits for it.
func (b *builder) runSubtest(c *cursor, at key, instr ssa.CallInstruction, next key) (done, handled bool) {
	f := at.frame
	fn, ok := b.val(f, instr.Common().Args[2]).(closure)
	if !ok || fn.fn.Blocks == nil || f.depth >= b.depth {
		return false, false
	}
	if callsParallel(fn.fn) {
		b.fail(instr.Pos(), "parallel subtests are not followed")
		return true, true
	}
	nf := b.newFrame(frameKey{parent: f, call: instr, defers: at.defers, env: at.env, mode: at.mode}, origin(fn.fn), fn.binds, f, instr)
	nf.args = map[ssa.Value]frameValue{}
	for _, param := range nf.fn.Params {
		delete(nf.binds, param)
	}
	nf.parent, nf.owner, nf.depth, nf.ret = f, f.owner, f.depth+1, &next
	nf.subtest = true
	b.enterFrame(c, nf)
	c.jump(key{frame: nf, block: nf.fn.Blocks[0], env: at.env})
	return true, true
}

// callsParallel reports whether a subtest calls T.Parallel: it then goes on
// when the function that started it has returned.
func callsParallel(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && libraryName(call.Common()) == "testing.T.Parallel" {
				return true
			}
		}
	}
	return false
}

// emitContext makes the done channel of a new context, if nothing but this
// program's calls can end it: a context with a deadline, or one derived from a
// context that comes from outside, may end at any time.
func (b *builder) emitContext(c *cursor, f *frame, v *ssa.Call, name string) {
	if name == errgroup+"WithContext" {
		c.emit(model.Node{Op: model.Make, Prim: model.WaitGroup, Dst: c.p.refReg(regKey{frame: f, val: v, path: "wg"})}, 1)
		return
	}
	done, ok := b.doneKey(f, v)
	if !ok {
		return
	}
	c.emit(model.Node{Op: model.Make, Prim: model.Chan, Dst: c.p.refReg(done), Tag: b.site(SiteMake, v, v.Pos())}, 1)
	if parent, ok := b.val(f, v.Call.Args[0]).(contextValue); ok {
		b.envUsed[envPropagates] = true
		id := c.emit(model.Node{Op: model.Spawn, Args: []model.Arg{
			{From: c.p.refReg(parent.done), To: 0}, {From: c.p.refReg(done), To: 1},
		}}, 1)
		b.envSpawns = append(b.envSpawns, envSpawn{c.p, id, envPropagates})
	}
}

// doneKey returns the register of the done channel of the context made by v;
// ok is false if the environment may end the context.
func (b *builder) doneKey(f *frame, v *ssa.Call) (k regKey, ok bool) {
	switch libraryName(&v.Call) {
	case "context.WithCancel", "context.WithCancelCause":
	default:
		return k, false
	}
	switch b.val(f, v.Call.Args[0]).(type) {
	case background, contextValue:
	default:
		return k, false
	}
	return regKey{frame: f, val: v, path: "done"}, true
}

// MakesContext reports whether fn makes a context that only its cancel function
// or its parent ends.
func MakesContext(fn *ssa.Function) bool {
	if fn.Pkg == nil || fn.Pkg.Pkg.Path() != "context" {
		return false
	}
	return fn.Name() == "WithCancel" || fn.Name() == "WithCancelCause"
}

// emitCancel cancels a context.
func (b *builder) emitCancel(c *cursor, done regKey, instr ssa.CallInstruction) {
	c.emit(model.Node{Op: model.Cancel, Ref: c.p.refReg(done), Tag: b.site(SiteCancel, instr, instr.Pos())}, 1)
}

// modelResult returns result i of a call to a library function that the model
// knows.
func (b *builder) modelResult(f *frame, call *ssa.Call, i int) (value, bool) {
	common := &call.Call
	switch name := libraryName(common); name {
	case "context.WithCancel", "context.WithTimeout", "context.WithDeadline",
		"context.WithCancelCause", "context.WithTimeoutCause", "context.WithDeadlineCause":
		done, ok := b.doneKey(f, call)
		switch {
		case !ok:
			return nonNil{}, true
		case i == 0:
			return contextValue{done}, true
		}
		return cancel{done}, true
	case errgroup + "WithContext":
		if i == 0 {
			return group{regKey{frame: f, val: call, path: "wg"}}, true
		}
		return nonNil{}, true
	case "context.WithValue":
		return b.val(f, common.Args[0]), true
	case "context.Context.Done":
		switch ctx := b.val(f, common.Value).(type) {
		case contextValue:
			return ref{ctx.done}, true
		case background:
			return nilValue{}, true
		}
		return unknown{}, true
	case "context.Background", "context.TODO", "context.WithoutCancel":
		return background{}, true
	case "sync.OnceFunc":
		if fn, ok := b.val(f, common.Args[0]).(closure); ok {
			return onceFunc{reg: regKey{frame: f, val: call, path: "once"}, fn: fn}, true
		}
	case "sync.NewCond":
		if v, ok := b.condOf(f, call); ok {
			return v, true
		}
	case semaphore + "NewWeighted":
		return b.newWeighted(f, call)
	case "errors.New", "fmt.Errorf":
		return nonNil{}, true
	}
	return nil, false
}
