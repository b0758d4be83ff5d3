package typestate

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// stopsPanic reports whether fn's panics may be expected: fn defers a function
// that recovers, or it is part of a literal handed to something that runs it
// and recovers, as tests of panics do.
func (e *engine) stopsPanic(fn *ssa.Function) bool {
	if e.recovers(fn) {
		return true
	}
	for ; fn != nil; fn = fn.Parent() {
		if e.handedToRecover(fn) {
			return true
		}
	}
	return false
}

// handedToRecover reports whether the literal fn is an argument of a function
// of the package that recovers, of testify's Panics and its kin, or of
// something that takes any value: what takes a function as a plain value looks
// at how it ends.
func (e *engine) handedToRecover(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	var uses []ssa.Instruction
	if mc := place.MakeClosure(fn); mc != nil && mc.Referrers() != nil {
		uses = *mc.Referrers()
	} else if refs := fn.Referrers(); refs != nil {
		uses = *refs
	}
	for _, use := range uses {
		switch use := use.(type) {
		case *ssa.MakeInterface:
			return true
		case *ssa.ChangeType:
			if use.Referrers() != nil && e.anyExpects(*use.Referrers()) {
				return true
			}
		}
	}
	return e.anyExpects(uses)
}

func (e *engine) anyExpects(uses []ssa.Instruction) bool {
	for _, use := range uses {
		if call, ok := use.(ssa.CallInstruction); ok && e.expects(call.Common()) {
			return true
		}
	}
	return false
}

func (e *engine) expects(c *ssa.CallCommon) bool {
	if fn, _ := e.resolve(c); fn != nil && e.recovers(fn) {
		return true
	}
	fn := c.StaticCallee()
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil {
		return false
	}
	switch fn.Object().Pkg().Path() {
	case "github.com/stretchr/testify/assert", "github.com/stretchr/testify/require":
		return strings.HasPrefix(fn.Name(), "Panics")
	}
	return false
}

// recovers reports whether fn defers a function that may stop a panic.
func (e *engine) recovers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				if isRecover(d.Common()) {
					return true
				}
				if callee, _ := e.resolve(d.Common()); callee != nil && callsRecover(callee) {
					return true
				}
			}
		}
	}
	return false
}

func callsRecover(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && isRecover(call.Common()) {
				return true
			}
		}
	}
	return false
}
