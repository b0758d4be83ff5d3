package chanfacts

import (
	"fmt"
	"slices"
	"strings"
)

// A Summary is the fact about one function. A channel parameter that it does not
// list is one with which the function does nothing.
type Summary struct {
	// Params says what is done to channel parameters, sorted by number.
	Params []Use
	// Fields says what a method does to the channel fields of its receiver, sorted
	// by name. Fields of fields are not followed.
	Fields []Use
	// Owes lists what the caller has to do with results that are channels, or a
	// goroutine of the function's leaks.
	Owes []Debt
	// NonNil lists the pointers, functions, channels and interfaces among the
	// results that are never nil, by number.
	NonNil []int
	// Ending says whether a call comes back.
	Ending Ending
}

// AFact marks the type as a fact.
func (*Summary) AFact() {}

// A Use is what a function does to one channel.
type Use struct {
	Param int    // number of the parameter
	Field string // name of the receiver's field, in Fields

	Send, Receive, Close When
	// Range is a range that nothing but the close of the channel ends.
	Range When

	// Keeps: the channel goes where the function's callers cannot see it: it is
	// stored, sent, returned, or captured by a function that is not called at once.
	Keeps bool
	// HandsOn: it is passed to a function of which nothing is known.
	HandsOn bool
	// Sets: the field or parameter is given another channel.
	Sets bool
}

// Leaks reports whether anything beyond the operations listed may happen to the
// channel.
func (u *Use) Leaks() bool { return u.Keeps || u.HandsOn || u.Sets }

// When says on which occasions a function operates on a channel: a set.
type When uint8

const (
	Always    When = 1 << iota // in the call, before it returns, whatever happens
	Sometimes                  // in the call, on some path
	Started                    // in a goroutine that the call starts
)

// A Debt is a result that is a channel and what its receiver owes for it.
type Debt struct {
	Result int
	Kind   DebtKind
}

// A DebtKind says what ends the goroutine that a function leaves behind.
type DebtKind uint8

const (
	MustReceive DebtKind = iota // it sends on the channel, which has no buffer
	MustClose                   // it ranges over the channel
)

// An Ending says how the calls of a function end.
type Ending uint8

const (
	Returns Ending = iota // a call may come back
	Ends                  // no call comes back: it panics, or ends the goroutine or the process
	Runs                  // no call comes back: it goes round a loop, or blocks, for ever
)

// Param returns what is done to parameter i: nothing, if it is not listed.
func (s *Summary) Param(i int) Use { return find(s.Params, func(u Use) bool { return u.Param == i }) }

// Field returns what is done to a field of the receiver.
func (s *Summary) Field(name string) Use {
	return find(s.Fields, func(u Use) bool { return u.Field == name })
}

func find(uses []Use, is func(Use) bool) Use {
	if i := slices.IndexFunc(uses, is); i >= 0 {
		return uses[i]
	}
	return Use{}
}

// says reports whether s tells more than that nothing is known.
func (s *Summary) says() bool {
	return len(s.Params)+len(s.Fields)+len(s.Owes)+len(s.NonNil) > 0 || s.Ending != Returns
}

// String describes the fact in a test's expectation.
func (s *Summary) String() string {
	var parts []string
	for _, u := range s.Params {
		parts = append(parts, fmt.Sprintf("parameter %d: %s", u.Param, u.words()))
	}
	for _, u := range s.Fields {
		parts = append(parts, fmt.Sprintf("field %s: %s", u.Field, u.words()))
	}
	for _, d := range s.Owes {
		parts = append(parts, fmt.Sprintf("result %d: %s", d.Result, [...]string{"receive", "close"}[d.Kind]))
	}
	for _, i := range s.NonNil {
		parts = append(parts, fmt.Sprintf("result %d: never nil", i))
	}
	if s.Ending != Returns {
		parts = append(parts, [...]string{"", "ends", "runs for ever"}[s.Ending])
	}
	return strings.Join(parts, "; ")
}

func (u Use) words() string {
	var words []string
	for _, op := range []struct {
		verb string
		when When
	}{{"sends", u.Send}, {"receives", u.Receive}, {"ranges", u.Range}, {"closes", u.Close}} {
		for i, how := range []string{"always", "sometimes", "in a goroutine"} {
			if op.when&(1<<i) != 0 {
				words = append(words, op.verb+" "+how)
			}
		}
	}
	for _, w := range []struct {
		is   bool
		word string
	}{{u.Keeps, "keeps"}, {u.HandsOn, "hands on"}, {u.Sets, "sets"}} {
		if w.is {
			words = append(words, w.word)
		}
	}
	return strings.Join(words, ", ")
}
