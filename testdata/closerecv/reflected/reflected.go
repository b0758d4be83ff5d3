// Package reflected closes channels through reflection.
package reflected

import "reflect"

func direct_bad() {
	c := make(chan int)
	receiver := (<-chan int)(c)
	reflect.ValueOf(receiver).Close() // panics "reflect: close of receive-only channel" // want `close of receive-only channel: receiver is <-chan int; only the sending side closes, so pass a chan int or chan<- int or let the sender close it`
}

func direct_ok() {
	c := make(chan int)
	reflect.ValueOf(c).Close()
}

func variable_bad() {
	c := make(chan int)
	receiver := (<-chan int)(c)
	v := reflect.ValueOf(receiver)
	v.Close() // panics "reflect: close of receive-only channel" // want `close of receive-only channel: receiver is <-chan int; only the sending side closes, so pass a chan int or chan<- int or let the sender close it`
}

func variable_ok() {
	c := make(chan int)
	receiver := (<-chan int)(c)
	v := reflect.ValueOf(receiver)
	v = reflect.ValueOf(c)
	v.Close()
}
