package importer

import "facts"

func Through(c, d chan int) { // want Through:`^parameter 0: closes always; parameter 1: sends sometimes, keeps$`
	facts.Closes(c)
	facts.Captures(d)
}

func ThroughMethod(q *facts.Queue[int]) {
	q.Put(1)
}

func Owed() <-chan int { // want Owed:`^result 0: receive; result 0: never nil$`
	return facts.Wraps()
}

func Stop() { // want Stop:`^runs for ever$`
	facts.Serve()
}
