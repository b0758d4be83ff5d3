package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
	"github.com/chanlint/chanlint/internal/op"
)

// chanReg returns the register of a channel operand; ok is false if the model
// does not follow the channel.
func (b *builder) chanReg(f *frame, v ssa.Value, p *proc) (reg int, ok bool) {
	switch got := b.val(f, v).(type) {
	case ref:
		return p.refReg(got.reg), true
	case nilValue:
		return p.refReg(regKey{path: "nil"}), true // never assigned
	}
	return 0, false
}

func (b *builder) emitSend(c *cursor, f *frame, v *ssa.Send) {
	reg, ok := b.chanReg(f, v.Chan, c.p)
	if !ok {
		b.emitEscape(c, f, v.X)
		return
	}
	c.emit(model.Node{
		Op: model.Send, Ref: reg, Payload: b.sent(c, f, v.Chan, v.X),
		Tag: b.site(SiteSend, v, v.Pos()),
	}, 1)
}

// sent returns the payload of a send. What a message carries besides flags and
// channels escapes.
func (b *builder) sent(c *cursor, f *frame, ch, x ssa.Value) model.Payload {
	elem := messageType(ch)
	k := regKey{frame: f, val: x, path: "sent"}
	switch {
	case tracksInt(elem):
		b.decide(c, f, k, b.val(f, x), b.provenance(f, x, 0))
		return model.Payload{Kind: model.PayInt, Reg: c.p.intReg(k)}
	case isChan(elem):
		if b.poisoned[k] {
			break
		}
		b.setRef(c, k, b.val(f, x))
		return model.Payload{Kind: model.PayRef, Reg: c.p.refReg(k)}
	}
	b.emitEscape(c, f, x)
	if i := flagField(elem); i >= 0 {
		b.decide(c, f, k, b.fieldValue(f, x, i), b.provenance(f, x, 0))
		return model.Payload{Kind: model.PayInt, Reg: c.p.intReg(k)}
	}
	return model.Payload{}
}

// fieldValue returns what is known about field i of the struct x.
func (b *builder) fieldValue(f *frame, x ssa.Value, i int) value {
	switch got := b.val(f, x).(type) {
	case content:
		if k := cellKey(b.field(got.at, i)); b.shared[k] {
			b.poison(k)
		} else if !b.poisoned[k] {
			return integer{k}
		}
	case message:
		if got.field == i {
			return integer{got.reg}
		}
	}
	return unknown{}
}

// decide assigns a register 0 or 1 even if the value is not known: once sent,
// the sender's value and the receiver's must agree.
func (b *builder) decide(c *cursor, f *frame, k regKey, v value, code int) {
	reg := c.p.intReg(k)
	set := func(c *cursor, n int) {
		c.emit(model.Node{Op: model.Set, Int: reg, Expr: fixed(n)}, 1)
	}
	if b.likely && code == unknownFlag {
		code = unknownOpaque // whoever sends it may know what the receiver makes of it
	}
	var yes, no *cursor
	switch v := v.(type) {
	case literal:
		set(c, min(int(v), 1))
		return
	case nilValue:
		set(c, 0)
		return
	case integer:
		yes, no = b.testInt(c, v, 1)
	case unknown:
		yes, no = b.choose(c, classOf(code), regKey{frame: f, val: k.val, path: "sentpaid"})
	default:
		set(c, 1)
		return
	}
	set(yes, 1)
	set(no, 0)
	c.join(yes, no)
}

// target returns where the message that v receives goes. nth is the suffix of
// a select's receive.
func (b *builder) target(c *cursor, f *frame, v, ch ssa.Value, nth string) model.Payload {
	switch got := b.received(f, v, ch).(type) {
	case integer:
		got.reg.path += nth
		return model.Payload{Kind: model.PayInt, Reg: c.p.intReg(got.reg)}
	case ref:
		got.reg.path += nth
		return model.Payload{Kind: model.PayRef, Reg: c.p.refReg(got.reg)}
	case message:
		got.reg.path += nth
		return model.Payload{Kind: model.PayInt, Reg: c.p.intReg(got.reg)}
	}
	return model.Payload{}
}

func (b *builder) emitReceive(c *cursor, f *frame, v *ssa.UnOp) {
	reg, ok := b.chanReg(f, v.X, c.p)
	if !ok {
		b.emitUnknownInt(c, f, v)
		return
	}
	kind := SiteReceive
	if isRange(v) {
		kind = SiteRange
	}
	payload := b.target(c, f, v, v.X, "")
	n := c.emit(model.Node{Op: model.Recv, Ref: reg, Payload: payload, Tag: b.site(kind, v, v.Pos())}, 2)
	got, closed := c.branch(n, 0), c.branch(n, 1)
	c.holes = nil
	ok1 := c.p.intReg(regKey{frame: f, val: v, path: "ok"})
	got.emit(model.Node{Op: model.Set, Int: ok1, Expr: fixed(1)}, 1)
	closed.emit(model.Node{Op: model.Set, Int: ok1}, 1)
	b.zeroPayload(closed, payload)
	c.join(got, closed)
}

// zeroPayload stores what a receive from a closed channel yields.
func (b *builder) zeroPayload(c *cursor, payload model.Payload) {
	switch payload.Kind {
	case model.PayInt:
		c.emit(model.Node{Op: model.Set, Int: payload.Reg}, 1)
	case model.PayRef:
		c.emit(model.Node{Op: model.Clear, Dst: payload.Reg}, 1)
	}
}

// isRange reports whether v is the receive of a range statement, which go/ssa
// places in a block of its own.
func isRange(v *ssa.UnOp) bool {
	return v.CommaOk && v.Block() != nil && v.Block().Comment == "rangechan.loop"
}

func (b *builder) emitSelect(c *cursor, f *frame, v *ssa.Select) {
	if len(v.States) == 0 && v.Blocking {
		c.emit(model.Node{Op: model.Diverge}, 0) // select {} says what it means
		return
	}
	n := model.Node{Op: model.Select, Default: !v.Blocking, Tag: b.site(SiteSelect, v, v.Pos())}
	payloads := make([]model.Payload, len(v.States))
	foreign := make([]bool, len(v.States))
	receives := 0
	for i, st := range v.States {
		cs := model.Case{Send: st.Dir == types.SendOnly, Tag: b.caseSite(v, st)}
		reg, ok := b.chanReg(f, st.Chan, c.p)
		switch {
		case !ok && cs.Send:
			cs.Env = true
			foreign[i] = b.isForeign(f, st.Chan, 0)
			b.emitEscape(c, f, st.Send)
		case !ok:
			cs.Env = true
			foreign[i] = b.isForeign(f, st.Chan, 0)
		case cs.Send:
			cs.Ref, cs.Payload = reg, b.sent(c, f, st.Chan, st.Send)
		default:
			cs.Ref, cs.Payload = reg, b.target(c, f, v, st.Chan, string(rune('0'+receives)))
			payloads[i] = cs.Payload
		}
		if !cs.Send {
			receives++
		}
		n.Cases = append(n.Cases, cs)
	}
	succs := len(v.States)
	if n.Default {
		succs++
	}
	id := c.emit(n, succs)
	c.holes = nil
	index := c.p.intReg(regKey{frame: f, val: v, path: "index"})
	okReg := c.p.intReg(regKey{frame: f, val: v, path: "ok"})
	set := func(c *cursor, reg, val int) {
		c.emit(model.Node{Op: model.Set, Int: reg, Expr: fixed(val)}, 1)
	}
	var ends []*cursor
	for i, cs := range n.Cases {
		end := c.branch(id, i)
		if cs.Env && !foreign[i] {
			// Its other side is in the program, and not followed: who says that it
			// comes proves nothing.
			n := end.emit(model.Node{Op: model.Choose, Class: model.Opaque}, 2)
			c.p.nodes[n].Succ[1] = id
			end = end.branch(n, 0)
		}
		set(end, index, i)
		if !cs.Send {
			set(end, okReg, 1)
		}
		ends = append(ends, end)
		if !cs.Send && !cs.Env {
			closed := &cursor{p: c.p}
			first := len(c.p.nodes)
			set(closed, index, i)
			c.p.nodes[id].Cases[i].Closed = first
			set(closed, okReg, 0)
			b.zeroPayload(closed, payloads[i])
			ends = append(ends, closed)
		}
	}
	if n.Default {
		end := c.branch(id, len(v.States))
		set(end, index, -1)
		ends = append(ends, end)
	}
	c.join(ends...)
}

// caseSite returns the tag of one communication of a select.
func (b *builder) caseSite(v *ssa.Select, st *ssa.SelectState) int {
	kind := SiteReceive
	if st.Dir == types.SendOnly {
		kind = SiteSend
	}
	return b.site(kind, v, st.Pos)
}

// emitGo starts a goroutine.
func (b *builder) emitGo(c *cursor, at key, instr *ssa.Go) {
	fn, binds := b.callee(at.frame, &instr.Call)
	if fn == nil || fn.Blocks == nil {
		b.unknownCall(c, at.frame, instr)
		return
	}
	b.spawn(c, at, instr, fn, binds, nil)
}

// spawn starts fn as a goroutine that ends with the given epilogue.
func (b *builder) spawn(c *cursor, at key, instr ssa.CallInstruction, fn *ssa.Function, binds []value, end []epilogue) {
	f := at.frame
	if f.depth > b.depth {
		b.unknownCall(c, f, instr)
		return
	}
	nf := b.newFrame(frameKey{parent: f, call: instr, spawn: true}, fn, binds, f, instr)
	nf.owner, nf.depth, nf.epilogue = nf, f.depth+1, end
	p := b.procOf[nf]
	if p == nil {
		p = b.newProc(nf, c.p)
		b.procOf[nf] = p
		if _, ok := b.spawnEnvs[nf]; !ok {
			b.spawnEnvs[nf] = at.env
		}
		p.env = b.spawnEnvs[nf]
	}
	if both := b.common(p.env, at.env); both != p.env {
		b.spawnEnvs[nf] = both
		b.again = true
	}
	n := c.emit(model.Node{Op: model.Spawn, Proc: p.id, Tag: b.site(SiteSpawn, instr, instr.Pos())}, 1)
	p.spawns = append(p.spawns, n)
}

// messageProvenance says how freely the contents of a message may be chosen. If
// there is one send of such messages and no branch of the sender depends on
// what it sends, then the sender goes on whatever the receiver makes of it.
func (b *builder) messageProvenance(ch ssa.Value) int {
	elem := messageType(ch)
	if elem == types.Typ[types.Invalid] {
		return unknownOpaque
	}
	if got, ok := b.messages[elem]; ok {
		return got
	}
	sends := 0
	independent := true
	for _, fn := range b.pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				for o := range op.Of(instr) {
					if o.Kind != op.Send {
						continue
					}
					sent := messageType(o.Chan)
					if sent != types.Typ[types.Invalid] && !types.Identical(sent, elem) {
						continue
					}
					sends++
					send, plain := instr.(*ssa.Send)
					independent = independent && plain && !decides(send.X)
				}
			}
		}
	}
	code := unknownOpaque
	if sends == 1 && independent {
		code = unknownFlag
	}
	if b.messages == nil {
		b.messages = map[types.Type]int{}
	}
	b.messages[elem] = code
	return code
}

// messageType returns the type of a channel's messages; the invalid type if the
// channel's own type is a type parameter.
func messageType(ch ssa.Value) types.Type {
	if t, ok := ch.Type().Underlying().(*types.Chan); ok {
		return t.Elem()
	}
	return types.Typ[types.Invalid]
}

// decides reports whether a sent value is a constant, or may decide a branch of
// its function.
func decides(x ssa.Value) bool {
	call, ok := x.(*ssa.Call)
	if ext, isExt := x.(*ssa.Extract); isExt {
		call, ok = ext.Tuple.(*ssa.Call)
	}
	if !ok {
		return true
	}
	for _, r := range *call.Referrers() {
		if ext, ok := r.(*ssa.Extract); ok {
			for _, r := range *ext.Referrers() {
				if _, ok := r.(*ssa.Send); !ok {
					return true
				}
			}
			continue
		}
		if _, ok := r.(*ssa.Send); !ok {
			return true
		}
	}
	return false
}
