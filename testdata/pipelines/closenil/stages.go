package closenil

// One output of the tee is never made; without values only its close shows it.
func tee_bad() {
	left := make(chan int)
	var right chan int
	close(left)
	close(right) // panics "close of nil channel" // want `close of nil channel: right .*`
}

func tee_ok() {
	left, right := make(chan int), make(chan int)
	close(left)
	close(right)
}
