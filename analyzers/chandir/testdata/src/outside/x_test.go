package outside

var g = valueInTest

func h() { calledInTest(nil) }
