package kernelcheck

var lanePairs = table()
