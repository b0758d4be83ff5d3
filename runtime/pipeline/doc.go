// Package pipeline holds reference implementations of the stages that Go
// programs build from goroutines and channels. They are meant to be read, and to
// be used.
//
// # Groups
//
// The stages of one pipeline share a Group, which holds what they must agree on:
// a context that tells all of them to stop, a count of those that run, and the
// first error. Every stage leaves, and leaves no goroutine behind, when
//
//   - its input is closed and all values have been passed on,
//   - the context given to New is cancelled,
//   - the consumer has had enough and calls Stop, or breaks out of a range over All,
//   - a function of the user returns an error, panics, or calls runtime.Goexit,
//     in this stage or in any other.
//
// What a group cannot do is interrupt a function of the user that does not
// return. Such a function has to watch Group.Context by itself.
//
// # Rules
//
// The same rules hold for every stage, so that the comments on the stages give
// only what differs.
//
// Who closes: the stage that sends on a channel closes it, once, when it leaves,
// however it leaves. Nobody else closes it; least of all a receiver. A closed
// channel says that no more values come, not why: the error that Stop returns
// says why. The context is cancelled before the channel is closed, so a stage that
// sees its input closed by a failure knows that it is not the end of the data.
//
// Who must drain: nobody, once Stop has been called. Until then a stage whose
// output is not received stays blocked, and its inputs with it.
//
// What blocks: each send and each receive stands in a select beside the
// context's Done channel. If both can proceed, either may be chosen, so a value
// may still pass after a cancellation.
//
// What is ordered: the send of a value is synchronized before the completion of
// the matched receive. What a function of the user writes before it returns a
// value is therefore visible to whoever receives that value. The close of an output is
// synchronized before a receive that returns because it is closed. The end of
// every goroutine of the group is synchronized before the return of Stop.
//
// # Two styles
//
// Textbooks write a stage in two ways. In the one, a function makes the output,
// starts a goroutine that closes over it, and returns the receiving side: Source,
// Map, Filter. In the other, the caller makes the channels and the stage takes
// them as directional parameters: SourceInto, MapInto, FilterInto. The second lets
// the caller choose capacities. The types chan<- and <-chan make the compiler
// hold the rule that only the sending side closes.
package pipeline
