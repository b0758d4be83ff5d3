// Package model is the language between SSA form and exploration: a closed
// system of processes, each an automaton over the events that matter to the
// primitives (channels, wait groups, mutexes, once cells, shared variables) it can
// name.
//
// A model abstracts from data. What remains is held in two register files per
// process: reference registers, which name primitive instances or nil, and
// integer registers, which hold loop counters, flags and the payloads of
// messages. Sizes that the program does not fix are free variables; whoever
// explores the model assigns them.
//
// The package knows no Go: positions and names are opaque tags.
package model

// A Program is a closed system. Process 0 is the root, the only one that runs
// at the start.
type Program struct {
	Procs []*Proc
	Vars  []string // names of the free variables that occur in expressions
}

// A Proc is the automaton of one goroutine. Every spawn makes an instance of it
// with registers of its own.
type Proc struct {
	Name  string
	Refs  int // number of reference registers; all nil at the start
	Ints  int // number of integer registers; all 0 at the start
	Nodes []Node
	Entry int // index in Nodes
}

// An Opcode is the kind of a node.
type Opcode uint8

// Local nodes: they concern one process and commute with everything.
const (
	// End: the goroutine has returned. No successors.
	End Opcode = iota
	// Halt: the process as a whole ends (os.Exit, an unrecovered panic that the
	// program intends): nothing after it is of interest, nobody is stuck. No
	// successors.
	Halt
	// Diverge: the goroutine runs for ever without another event. It is not
	// blocked. No successors.
	Diverge
	// Make: Dst = a new primitive of kind Prim; a channel has capacity Expr
	// (negative: never fills).
	Make
	// Copy: Dst = Ref.
	Copy
	// Clear: Dst = nil.
	Clear
	// IsNil: Succ[0] if Ref is nil, else Succ[1].
	IsNil
	// Set: Int = Expr.
	Set
	// Equal: Succ[0] if register Int equals Expr, else Succ[1].
	Equal
	// Loop: if register Int is positive, decrement it and go to Succ[0]; else
	// to Succ[1].
	Loop
	// Choose: any successor, at the cost that Class says. With Paid, a Flag costs
	// an instance only once, however often a loop comes by.
	Choose
	// Spawn: start an instance of process Proc, with registers copied by Args.
	Spawn
	// CopyInt: Dst = Int, both of them integer registers.
	CopyInt
	// Test: Succ[0] if register Int holds Expr, which is 0 or 1; Succ[1] if it holds
	// the other of the two. An unknown value is decided now, as by Choose: at the
	// cost of its class, or of Class if that is higher, and for as long as the
	// register is not assigned again.
	Test
)

// Visible nodes: they act on a shared primitive, and may block.
const (
	// Send on channel Ref, with Payload. Blocks for ever if Ref is nil; panics
	// if the channel is closed, also while blocked.
	Send Opcode = iota + 32
	// Recv from channel Ref: Succ[0] with a value, stored by Payload; Succ[1]
	// when the channel is closed and drained, which stores the zero value. Blocks
	// for ever if Ref is nil.
	Recv
	// Close channel Ref; panics if it is nil or closed.
	Close
	// Cancel closes channel Ref unless it is closed: what a context's cancel
	// function does. Never blocks, never panics; nil is ignored.
	Cancel
	// Select: one of Cases that can proceed, or Default if none can. Succ is
	// parallel to Cases: Succ[i] is where case i goes; a receive's closed case
	// goes to Cases[i].Closed. With Default, the last successor is where it
	// goes.
	Select
	// Add: adds Expr to the counter of wait group Ref; panics if it would
	// become negative.
	Add
	// Wait blocks until the counter of wait group Ref is zero.
	Wait
	// Lock, Unlock, RLock, RUnlock on mutex Ref. A write lock that waits does
	// hold back later read locks, as sync.RWMutex documents. Unlock of an
	// unlocked mutex panics.
	Lock
	Unlock
	RLock
	RUnlock
	// Begin enters once cell Ref: Succ[0] for the first caller, who runs the
	// function and then reaches Finish; Succ[1] for everybody else, who waits
	// until Finish.
	Begin
	Finish
	// Read stores the content of cell Ref by Payload, as a receive does.
	Read
	// Write replaces the content of cell Ref by Payload, as a send does.
	Write
	// Exchange replaces the content of cell Ref by Payload and goes to Succ[0], if
	// it is the integer Expr; else to Succ[1].
	Exchange
)

// Visible reports whether the operation acts on a shared primitive.
func (op Opcode) Visible() bool { return op >= Send }

// A Prim is the kind of a primitive.
type Prim uint8

const (
	Chan Prim = iota
	WaitGroup
	Mutex // also RWMutex
	Once
	// Cell is a variable that several goroutines use: it holds an integer or a
	// reference, at the start 0, which is also nil. Each use of it is one step.
	Cell
)

// A Node is one step of a process.
type Node struct {
	Op      Opcode
	Prim    Prim    // Make
	Ref     int     // register: the primitive acted on, or the source of Copy
	Dst     int     // register: Make, Copy, Clear, CopyInt
	Int     int     // register: Set, Equal, Loop, Test, the source of CopyInt
	Expr    Expr    // Make, Set, Equal, Add, Test, Exchange
	Class   Class   // Choose, Test
	Paid    int     // Choose, Test: 1 + the integer register that tells whether a Flag is paid for; 0 if none
	Payload Payload // Send, Recv, Read, Write, Exchange
	Cases   []Case  // Select
	Default bool    // Select
	Proc    int     // Spawn
	Args    []Arg   // Spawn
	Succ    []int
	Tag     int // the caller's name for the place in the source; 0 if none
}

// A Case is one communication of a select.
type Case struct {
	// Env: the environment (a timer, a context of the caller, a channel that
	// the model does not know) may let this case proceed at any time, or never. A
	// receive then stores the zero value; Closed is not used.
	Env     bool
	Send    bool
	Ref     int
	Payload Payload
	Closed  int // receive: successor node when closed and drained
	Tag     int
}

// A Payload says what a message carries: nothing that matters, an integer
// register, a constant, or a reference register.
type Payload struct {
	Kind PayloadKind
	Reg  int // register sent from, or received into
	Val  int // PayConst
}

type PayloadKind uint8

const (
	PayNone  PayloadKind = iota // sends 0; receives into nowhere
	PayInt                      // integer register Reg
	PayConst                    // sends Val
	PayRef                      // reference register Reg
)

// An Arg copies a register of the spawning process to one of the spawned.
type Arg struct {
	IsInt    bool
	From, To int
}

// A Class says how much a witness leans on a choice.
type Class uint8

const (
	// Free: the environment decides, and either outcome is ordinary: whether a
	// call fails, which timer fires first.
	Free Class = iota
	// Flag: a condition on data that the model does not follow. One such
	// decision is believable, two may contradict each other.
	Flag
	// Opaque: the condition is known to be tied to what other goroutines do
	// (the contents of messages, shared variables). A witness that needs it
	// proves nothing.
	Opaque
)

// Values of integer registers that stand for a 0 or 1 which is not known: of the
// class Free, Flag, or (this one and all above it) Opaque.
const (
	UnknownFree = 2 + iota
	UnknownFlag
	UnknownOpaque
)

// Unknown returns the class of an unknown value; ok is false if v is known.
func Unknown(v int) (c Class, ok bool) {
	if v < UnknownFree {
		return Free, false
	}
	return Class(min(v, UnknownOpaque) - UnknownFree), true
}

// Costs of the classes: a path's cost is the sum over its choices that are made
// after the first Make or Spawn.
func (c Class) Cost() int {
	switch c {
	case Flag:
		return 1
	case Opaque:
		return 1000
	}
	return 0
}

// An Expr is a linear form over the program's free variables.
type Expr struct {
	Const int
	Terms []Term // sorted by Var, no zero coefficients
}

// A Term is Coef times variable Var.
type Term struct{ Var, Coef int }

// Eval returns the value of the form under an assignment of the variables.
func (e Expr) Eval(vars []int) int {
	v := e.Const
	for _, t := range e.Terms {
		v += t.Coef * vars[t.Var]
	}
	return v
}
