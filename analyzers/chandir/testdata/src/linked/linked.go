package linked

import _ "unsafe"

//go:linkname byName
func byName(c chan int) { <-c }

func elsewhere(c chan int) { <-c }

func pulled(c chan int) { <-c } // want `c is only received from`

//go:linkname elsewhere example.org/other.pulling
