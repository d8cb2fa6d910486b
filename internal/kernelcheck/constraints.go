package kernelcheck

var constraints = table()
