package earlyreturn

// The loop that receives ends at the first error; the other senders stay.
func firstErrorOfLoop_bad() {
	errc := make(chan error)
	for range 3 {
		go func() {
			errc <- prepare() // leaks // want `send on errc blocks forever.*`
		}()
	}
	for range 3 {
		if err := <-errc; err != nil {
			return
		}
	}
}

// The buffer has room for every sender.
func firstErrorOfLoop_ok() {
	errc := make(chan error, 3)
	for range 3 {
		go func() {
			errc <- prepare()
		}()
	}
	for range 3 {
		if err := <-errc; err != nil {
			return
		}
	}
}

// One sender in a loop; the receiving loop breaks.
func breakOutOfRange_bad() {
	nums := make(chan int)
	go func() {
		defer close(nums)
		for i := range 10 {
			nums <- i // leaks // want `send on nums blocks forever.*`
		}
	}()
	for range nums {
		if fails {
			break
		}
	}
}

// What is left is drained after the break.
func breakOutOfRange_ok() {
	nums := make(chan int)
	go func() {
		defer close(nums)
		for i := range 10 {
			nums <- i
		}
	}()
	for range nums {
		if fails {
			break
		}
	}
	for range nums {
	}
}

// Whether the loop stops depends on the message and on a flag: two conditions
// that are not followed, which may exclude each other.
func FN_twoConditions_bad() {
	nums := make(chan int)
	go func() {
		defer close(nums)
		for i := range 10 {
			nums <- i // leaks
		}
	}()
	for n := range nums {
		if n == 3 && fails {
			break
		}
	}
}

// The message that stops the loop is the last one.
func twoConditions_ok() {
	nums := make(chan int)
	go func() {
		defer close(nums)
		for i := range 10 {
			nums <- i
		}
	}()
	for n := range nums {
		if n == 9 && fails {
			break
		}
	}
}

// A labelled break leaves both loops.
func labelled_bad() {
	nums := make(chan int)
	go func() {
		for i := range 4 {
			nums <- i // leaks // want `send on nums blocks forever.*`
		}
		close(nums)
	}()
outer:
	for {
		for range nums {
			if fails {
				break outer
			}
		}
		break
	}
}

// The producer watches a channel that the leaving consumer closes.
func labelled_ok() {
	nums := make(chan int)
	quit := make(chan struct{})
	defer close(quit)
	go func() {
		for i := range 4 {
			select {
			case nums <- i:
			case <-quit:
				return
			}
		}
		close(nums)
	}()
outer:
	for {
		for range nums {
			if fails {
				break outer
			}
		}
		break
	}
}

// Two servers share one error channel and only the first to fail is waited
// for.
func twoServers_bad() {
	errc := make(chan error)
	go serve(errc)
	go serve(errc)
	for range 2 {
		if err := <-errc; err != nil {
			return
		}
	}
}

func serve(errc chan<- error) {
	errc <- prepare() // leaks in twoServers_bad // want `send on errc blocks forever.*`
}

func twoServers_ok() {
	errc := make(chan error, 2)
	go serveBuffered(errc)
	go serveBuffered(errc)
	for range 2 {
		if err := <-errc; err != nil {
			return
		}
	}
}

func serveBuffered(errc chan<- error) {
	errc <- prepare()
}

// Workers all return on an error, so that nobody takes what the producer
// still sends.
func workersGone_bad() {
	jobs := make(chan int)
	gone := make(chan struct{})
	go func() {
		defer close(jobs)
		for i := range 8 {
			jobs <- i // leaks // want `send on jobs blocks forever.*`
		}
	}()
	for range 2 {
		go func() {
			defer func() { gone <- struct{}{} }()
			for range jobs {
				if prepare() != nil {
					return
				}
			}
		}()
	}
	<-gone
	<-gone
}

// The workers go on taking jobs after an error.
func workersGone_ok() {
	jobs := make(chan int)
	gone := make(chan struct{})
	go func() {
		defer close(jobs)
		for i := range 8 {
			jobs <- i
		}
	}()
	for range 2 {
		go func() {
			defer func() { gone <- struct{}{} }()
			for range jobs {
				if prepare() != nil {
					continue
				}
			}
		}()
	}
	<-gone
	<-gone
}

// The producer of a declared function; the consumer returns from its range.
func producerFunc_bad() {
	names := make(chan string)
	go produce(names)
	for name := range names {
		println(name)
		if fails {
			return
		}
	}
}

func produce(names chan<- string) {
	defer close(names)
	for _, name := range []string{"a", "b", "c"} {
		names <- name // leaks in producerFunc_bad // want `send on names blocks forever.*`
	}
}

func producerFunc_ok() {
	names := make(chan string)
	go produceFew(names)
	for name := range names {
		println(name)
		if fails {
			for range names {
			}
			return
		}
	}
}

func produceFew(names chan<- string) {
	defer close(names)
	for _, name := range []string{"a", "b", "c"} {
		names <- name
	}
}
