// Package build translates SSA form into models: for one root function, the
// automata of the goroutines it starts, projected onto the primitives that it
// makes.
//
// Callees of the package are inlined, deferred calls are replayed, closures
// are resolved; what cannot be followed escapes, and an escaped primitive is
// handed to an environment process that keeps sending and receiving on it, so
// that nothing blocked on it ever counts as stuck. Sizes become linear forms
// over free variables.
package build

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/model"
)

// Budgets: beyond them a root is left alone.
const (
	maxProcs = 24

	// maxRebuilds bounds how often a model is built anew because a variable
	// turned out not to be one that can be followed.
	maxRebuilds = 12
)

// A Model is the model of one root function, with the way back to the source.
type Model struct {
	Root    *ssa.Function
	Program *model.Program
	Sites   []Site          // by Tag - 1
	Fns     []*ssa.Function // by process; environment processes have none
	// Env is the number of the first environment process: it and those after
	// it stand for code that is not followed.
	Env int
	// Escapes says where channels and other primitives leave what is followed, in
	// the order in which the model met them.
	Escapes []Escape
	// Cells reports whether variables that several goroutines use are followed.
	Cells bool
	// OrderLost: a wait group or mutex could not be followed, so that the model
	// allows orders that the program does not.
	OrderLost bool
	// Failures: there are calls by which a test fails and stops.
	Failures bool
	Counts   bool // Limits.Few would make the model another one
}

// Site returns what a node's tag stands for; ok is false for tag 0.
func (m *Model) Site(tag int) (s Site, ok bool) {
	if tag <= 0 || tag > len(m.Sites) {
		return Site{}, false
	}
	return m.Sites[tag-1], true
}

// A Site is the place in the source of one node.
type Site struct {
	Instr ssa.Instruction
	Pos   token.Pos
	Kind  SiteKind
	Fn    *ssa.Function
}

// A SiteKind is the kind of event at a site.
type SiteKind uint8

const (
	SiteSend SiteKind = iota
	SiteReceive
	SiteRange
	SiteSelect
	SiteClose
	SiteMake
	SiteWait
	SiteAdd
	SiteLock
	SiteUnlock
	SiteSpawn
	SiteReturn
	SiteCancel
	SiteOnce
	SiteFailure // the test fails and stops: t.Fatal
	SiteError   // the test fails and goes on: t.Error
)

// A Skip says why a root function has no model.
type Skip struct {
	Pos    token.Pos
	Reason string
}

// A Builder builds the models of one package.
type Builder struct {
	pkg         *chanssa.Package
	interested  map[*ssa.Function]bool
	assigned    map[*types.Var]bool
	compared    map[*types.Var]bool
	indirect    map[*ssa.Function]bool
	natural     map[*ssa.Function]map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool
	sentTypes   map[types.Type]types.Type
	messages    map[types.Type]int   // see messageProvenance
	globals     map[*ssa.Global]bool // see unsettled
	stores      map[storesKey]ownStores
	cuts        map[*ssa.Function]int    // see oftenCut
	fieldCounts map[*types.Var]countUses // see fieldUses
	varCounts   map[*ssa.Alloc]countUses // see usesOf
}

// New returns a builder for the functions of pkg.
func New(pkg *chanssa.Package) *Builder {
	return &Builder{pkg: pkg, cuts: map[*ssa.Function]int{}}
}

// builder builds one model. Frames, objects and what they poison outlive a
// rebuild.
type builder struct {
	*Builder
	root        *ssa.Function
	open        bool // see takesInput
	depth       int
	limit       int // nodes of one build
	likely      bool
	few         bool
	spent       int                    // nodes of earlier builds
	cut         map[*ssa.Function]bool // see heavy
	rootFrame   *frame
	frames      map[frameKey]*frame
	objects     map[objKey]*object
	deferStacks map[deferKey]*deferred
	poisoned    map[regKey]bool
	shared      map[regKey]bool // see share
	limited     map[regKey]bool // groups with a limit, see emitSetLimit
	cellsToo    bool
	cellNodes   int                   // nodes that there are for cells
	hoisted     map[*object]bool      // see bearEarly
	hoists      map[regKey]model.Node // the makes of their primitives
	cells       map[regKey]*cell
	lost        map[address]bool
	iterations  map[iterationKey]*frame
	sequences   map[sequenceKey]*sequence
	envs        map[env]*env
	spawnEnvs   map[*frame]*env // by the entry frame of a goroutine

	procs     []*proc
	procOf    map[*frame]*proc
	vars      map[varKey]int
	varNames  []string
	trips     map[int]bool // variables that count the iterations of a loop
	sites     []Site
	siteIDs   map[siteKey]int
	count     int
	orderLost bool
	fails     bool // a call by which a test fails has been met
	counts    bool // a constant is counted out that Limits.Few would leave open
	failed    *Skip

	waitsElsewhere bool // a wait group has escaped

	again       bool                   // a cell was poisoned: build once more
	grown       bool                   // more is known of what is stored: build once more
	panicked    bool                   // the call being built runs in a panicking frame
	activations map[frameCall][]*frame // of the calls built so far
	before      map[frameCall][]*frame // the same of the build before
	envUsed     [envKinds]bool
	envSpawns   []envSpawn
	handed      map[address]bool // objects that have escaped so far in this build
	escapes     []Escape
	at          ssa.Instruction // the one that is built
}

type siteKey struct {
	instr ssa.Instruction
	pos   token.Pos
	kind  SiteKind
}

type frameKey struct {
	parent *frame
	call   ssa.CallInstruction
	defers *deferred
	env    *env
	mode   mode // of the frame that the deferred call is run by
	spawn  bool
}

// Depth is how deep calls are inlined as a rule. What is called deeper is not
// followed.
const Depth = 8

// Limits bound a model.
type Limits struct {
	Depth int // how deep calls are inlined
	Nodes int // how many nodes the model may have
	// Likely: what happens after a test has failed is followed, where everything
	// ends otherwise, and the state of objects is a flag like any
	// other.
	Likely bool
	// Cells: variables that several goroutines use are followed, which takes more
	// states.
	Cells bool
	Few   bool // constants above two are numbers that the program does not fix
}

// tooLarge is the reason of what is over Limits.Nodes.
const tooLarge = "too large to follow"

// rebuiltNodes is how many times Limits.Nodes may be built in all, over all
// rebuilds of one model.
const rebuiltNodes = 4

// Build returns the model of root within the limits, or the reason why there is
// none. Without the variables that several goroutines use it may be small enough.
func (x *Builder) Build(root *ssa.Function, limits Limits) (*Model, *Skip) {
	cut := x.newCut()
	often := len(cut)
	for try := 0; ; {
		b := x.newBuilder(root, limits, cut)
		if limits.Cells {
			b.limit += limits.Nodes / 16
		}
		m, skip := b.model()
		switch {
		case skip != nil && len(b.shared) > 0 && b.count-b.cellNodes <= limits.Nodes:
			limits.Cells = false
			continue
		case skip != nil && skip.Reason == tooLarge && try < maxCuts && b.heavy():
			try++
			continue
		}
		if len(cut) > often {
			for fn := range cut {
				x.cuts[fn]++
			}
		}
		return m, skip
	}
}

// newBuilder returns a builder for one model, in which no call of a function in cut
// is followed.
func (x *Builder) newBuilder(root *ssa.Function, limits Limits, cut map[*ssa.Function]bool) *builder {
	return &builder{
		Builder: x, root: root, open: takesInput(root), depth: limits.Depth, limit: limits.Nodes,
		likely: limits.Likely, few: limits.Few, cut: cut,
		frames:      map[frameKey]*frame{},
		objects:     map[objKey]*object{},
		deferStacks: map[deferKey]*deferred{},
		poisoned:    map[regKey]bool{},
		shared:      map[regKey]bool{},
		limited:     map[regKey]bool{},
		cellsToo:    limits.Cells,
		hoisted:     map[*object]bool{},
		hoists:      map[regKey]model.Node{},
		cells:       map[regKey]*cell{},
		lost:        map[address]bool{},
		iterations:  map[iterationKey]*frame{},
		sequences:   map[sequenceKey]*sequence{},
		envs:        map[env]*env{},
		spawnEnvs:   map[*frame]*env{},
		activations: map[frameCall][]*frame{},
	}
}

// model builds until nothing new turns up.
func (b *builder) model() (*Model, *Skip) {
	root := b.root
	for range maxRebuilds {
		b.reset()
		b.buildAll()
		for n := 0; b.grown && n < maxRebuilds; n++ {
			// What was poisoned may have been for want of what is known now.
			clear(b.poisoned)
			b.failed = nil
			b.reset()
			b.buildAll()
		}
		if b.grown {
			return nil, &Skip{root.Pos(), "what is stored in variables does not settle"}
		}
		if b.failed != nil {
			return nil, b.failed
		}
		b.poisonRaces()
		if !b.again {
			b.poisonLost()
		}
		if !b.again {
			return b.finish(), nil
		}
	}
	return nil, &Skip{root.Pos(), "variables are assigned while other goroutines use them"}
}

func (b *builder) reset() {
	b.procs, b.procOf = nil, map[*frame]*proc{}
	b.vars, b.varNames, b.trips = map[varKey]int{}, nil, map[int]bool{}
	b.sites, b.siteIDs = nil, map[siteKey]int{}
	b.spent += b.count
	b.count, b.orderLost, b.fails, b.counts, b.again, b.grown = 0, false, false, false, false, false
	b.before, b.activations = b.activations, map[frameCall][]*frame{}
	b.envUsed, b.envSpawns = [envKinds]bool{}, nil
	b.handed = map[address]bool{}
	clear(b.hoists)
	b.cellNodes = 0
	for _, f := range b.frames {
		f.forget()
	}
	for _, f := range b.iterations {
		f.iter = nil // see iterationOf
	}
	if b.rootFrame == nil {
		b.rootFrame = &frame{fn: b.root, binds: map[ssa.Value]value{}}
		b.rootFrame.owner = b.rootFrame
		b.frames[frameKey{}] = b.rootFrame
	}
	b.rootFrame.forget()
}

// fail gives the root up.
func (b *builder) fail(pos token.Pos, reason string) {
	if b.failed == nil {
		b.failed = &Skip{pos, reason}
	}
}

// buildAll builds the root process and, as it meets them, those it starts.
func (b *builder) buildAll() {
	root := b.newProc(b.rootFrame, nil)
	b.procOf[b.rootFrame] = root
	for i := 0; i < len(b.procs) && b.failed == nil; i++ {
		b.procs[i].build()
		if len(b.procs) > maxProcs {
			b.fail(b.root.Pos(), "too many goroutines to follow")
		}
	}
}

func (p *proc) build() {
	f := p.entry
	c := &cursor{p: p}
	// Entry is node 0.
	c.emit(model.Node{Op: model.Choose}, 1)
	p.b.enterFrame(c, f)
	c.jump(key{frame: f, block: f.fn.Blocks[0], env: p.env})
	for len(p.work) > 0 && p.b.failed == nil {
		k := p.work[len(p.work)-1]
		p.work = p.work[:len(p.work)-1]
		before := p.b.count
		p.b.buildKey(p, k)
		k.frame.nodes += p.b.count - before
		if p.b.count > p.b.limit || p.b.spent+p.b.count > rebuiltNodes*p.b.limit {
			p.b.fail(p.b.root.Pos(), tooLarge)
		}
	}
}

// enterFrame sets the registers of parameters about which nothing is known.
func (b *builder) enterFrame(c *cursor, f *frame) {
	for _, param := range f.fn.Params {
		if _, bound := f.binds[param]; !bound && tracksInt(param.Type()) {
			k := regKey{frame: f, val: param}
			f.binds[param] = integer{k}
			c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k), Expr: fixed(unknownFlag)}, 1)
		} else if v, ok := f.binds[param].(integer); ok && v.reg == (regKey{frame: f, val: param}) {
			c.emit(model.Node{Op: model.Set, Int: c.p.intReg(v.reg), Expr: fixed(unknownFlag)}, 1)
		}
	}
}

func (b *builder) buildKey(p *proc, k key) {
	c := &cursor{p: p, holes: []hole{{p.starts[k], 0}}}
	if k.block == nil {
		b.unwind(c, k)
		return
	}
	b.instrs(c, k)
}

// site returns the tag of an event.
func (b *builder) site(kind SiteKind, instr ssa.Instruction, pos token.Pos) int {
	k := siteKey{instr, pos, kind}
	if id, ok := b.siteIDs[k]; ok {
		return id
	}
	b.sites = append(b.sites, Site{Instr: instr, Pos: pos, Kind: kind, Fn: instr.Parent()})
	b.siteIDs[k] = len(b.sites)
	return len(b.sites)
}

func fixed(n int) model.Expr { return model.Expr{Const: n} }

// Codes of integer registers for values that are not known when they arise. A
// branch on one decides it.
const (
	unknownFree   = model.UnknownFree
	unknownFlag   = model.UnknownFlag
	unknownOpaque = model.UnknownOpaque
)
