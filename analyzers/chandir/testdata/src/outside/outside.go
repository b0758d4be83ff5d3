//go:build !plan9

package outside

func valueInTest(c chan int) { <-c }

func calledInTest(c chan int) { <-c } // want `c is only received from`

func valueElsewhere(c chan int) { <-c }

func inAssembly(c chan int) { <-c }

func handsOn(c chan int) { differs(c) }

func differs(c <-chan int) {}
