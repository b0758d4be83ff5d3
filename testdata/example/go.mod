module example.org/thumbs

go 1.26
