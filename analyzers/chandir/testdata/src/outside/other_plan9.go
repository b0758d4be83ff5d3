package outside

var f = valueElsewhere

func differs(c chan int) { c <- 1 }
