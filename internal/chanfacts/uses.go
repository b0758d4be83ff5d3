package chanfacts

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"slices"
)

// A channel is one that the caller knows: a parameter, or a field of the
// receiver.
type channel struct {
	param int
	field string
}

// A walker finds what a function body does to the channels of its caller.
type walker struct {
	*pkg
	recv     *types.Var
	vars     map[*types.Var]channel // the parameters, and those of literals called at once
	uses     map[channel]*Use
	recvLost bool // the receiver as a whole goes to an unknown function
	loop     bool // the walk is in the first round of an endless loop
	recovers bool // a panic may be recovered from: then nothing is always done
}

// uses returns what fn does to its channel parameters and to the channel fields
// of its receiver.
func (p *pkg) uses(fn *types.Func, decl *ast.FuncDecl) (params, fields []Use) {
	sig := fn.Signature()
	w := &walker{pkg: p, vars: map[*types.Var]channel{}, uses: map[channel]*Use{}}
	if hasChannelField(sig.Recv()) {
		w.recv = sig.Recv()
	}
	for i := range sig.Params().Len() {
		if v := sig.Params().At(i); isChan(v.Type()) {
			w.vars[v] = channel{param: i}
			if assigned(p.info, decl.Body, v) {
				w.use(channel{param: i}).Sets = true
			}
		}
	}
	if w.recv != nil && assigned(p.info, decl.Body, w.recv) {
		w.recvLost = true
	}
	w.list(decl.Body.List, Always)
	if w.recvLost {
		s := structOf(w.recv)
		for i := range numFields(s) {
			if f := s.Field(i); isChan(f.Type()) {
				w.use(channel{field: f.Name()}).HandsOn = true
			}
		}
	}
	for c, u := range w.uses {
		if *u == (Use{}) {
			continue
		}
		u.Param, u.Field = c.param, c.field
		if u.Sets || w.recovers {
			u.weaken()
		}
		u.each(func(op *When) {
			if *op&Always != 0 {
				*op &^= Sometimes // which goes without saying
			}
		})
		if c.field != "" {
			fields = append(fields, *u)
		} else {
			params = append(params, *u)
		}
	}
	slices.SortFunc(params, func(a, b Use) int { return cmp.Compare(a.Param, b.Param) })
	slices.SortFunc(fields, func(a, b Use) int { return cmp.Compare(a.Field, b.Field) })
	return params, fields
}

// each calls f for each operation of u.
func (u *Use) each(f func(*When)) {
	for _, op := range []*When{&u.Send, &u.Receive, &u.Close, &u.Range} {
		f(op)
	}
}

// weaken turns what always happens to u into what happens sometimes.
func (u *Use) weaken() {
	u.each(func(op *When) {
		if *op&Always != 0 {
			*op = *op&^Always | Sometimes
		}
	})
}

func (w *walker) use(c channel) *Use {
	u := w.uses[c]
	if u == nil {
		u = new(Use)
		w.uses[c] = u
	}
	return u
}

// channelOf returns the channel that an expression names.
func (w *walker) channelOf(e ast.Expr) (channel, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := w.info.Uses[e].(*types.Var); ok {
			c, ok := w.vars[v]
			return c, ok
		}
	case *ast.SelectorExpr:
		sel := w.info.Selections[e]
		if sel != nil && sel.Kind() == types.FieldVal && len(sel.Index()) == 1 && w.isRecv(e.X) && isChan(sel.Type()) {
			return channel{field: sel.Obj().Name()}, true
		}
	}
	return channel{}, false
}

func (w *walker) isRecv(e ast.Expr) bool { return w.recv != nil && varOf(w.info, e) == w.recv }

// operate notes an operation on what e names, if that is a channel of the
// caller's, and walks e otherwise.
func (w *walker) operate(e ast.Expr, op func(*Use) *When, when When) {
	if c, ok := w.channelOf(e); ok {
		*op(w.use(c)) |= when
		return
	}
	w.expr(e, when)
}

func sends(u *Use) *When    { return &u.Send }
func receives(u *Use) *When { return &u.Receive }
func closes(u *Use) *When   { return &u.Close }

// apart runs f on uses of its own and returns them.
func (w *walker) apart(f func()) map[channel]*Use {
	outer := w.uses
	w.uses = map[channel]*Use{}
	f()
	inner := w.uses
	w.uses = outer
	return inner
}

// merge adds what a callee, a branch or a literal does to c.
func (w *walker) merge(c channel, u Use) {
	to := w.use(c)
	to.Send |= u.Send
	to.Receive |= u.Receive
	to.Range |= u.Range
	to.Close |= u.Close
	to.Keeps = to.Keeps || u.Keeps
	to.HandsOn = to.HandsOn || u.HandsOn
	to.Sets = to.Sets || u.Sets
}

// either merges two branches of which one is taken: what both do always is done
// always.
func (w *walker) either(a, b map[channel]*Use) {
	all := maps.Clone(a)
	maps.Copy(all, b)
	for c := range all {
		x, y := a[c], b[c]
		if x == nil {
			x = new(Use)
		}
		if y == nil {
			y = new(Use)
		}
		one, other := *x, *y
		one.meet(*y)
		other.meet(*x)
		w.merge(c, one)
		w.merge(c, other)
	}
}

// meet weakens what u does always and v does not.
func (u *Use) meet(v Use) {
	others := []When{v.Send, v.Receive, v.Close, v.Range}
	i := 0
	u.each(func(op *When) {
		if *op&Always != 0 && others[i]&Always == 0 {
			*op = *op&^Always | Sometimes
		}
		i++
	})
}

// called turns what a callee does into what the call does: a call that is made
// sometimes, or in a goroutine, does nothing always.
func called(u Use, when When) Use {
	u.each(func(op *When) {
		switch {
		case *op == 0 || when == Always:
		case when == Started:
			*op = Started
		case *op&Always != 0:
			*op = *op&^Always | Sometimes
		}
	})
	return u
}
