package facts

type server struct {
	done, jobs chan int
	name       string
}

func (s *server) Close() { // want Close:`^field done: closes always$`
	close(s.done)
}

func (s *server) Start() { // want Start:`^field done: receives in a goroutine; field jobs: sends sometimes, receives in a goroutine, sets$`
	s.jobs = make(chan int, 1)
	go s.loop()
	s.jobs <- 1
}

func (s *server) loop() {
	for {
		select {
		case <-s.done:
			return
		case <-s.jobs:
		}
	}
}

func (s *server) Register(f func(*server)) { // want Register:`^field done: hands on; field jobs: hands on$`
	f(s)
}

func (s *server) Jobs() chan int { // want Jobs:`^field jobs: keeps$`
	return s.jobs
}

func (s *server) Name() string { return s.name }

// Of another object nothing is said.
func (s *server) Other(o *server) {
	close(o.done)
}

type Queue[T any] struct{ items chan T }

func (q *Queue[T]) Put(x T) { // want Put:`^field items: sends always$`
	q.items <- x
}

func (q *Queue[T]) PutTwo(x, y T) { // want PutTwo:`^field items: sends always$`
	q.Put(x)
	q.Put(y)
}
