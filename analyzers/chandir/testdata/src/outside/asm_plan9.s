TEXT ·f(SB), 4, $0
	CALL ·inAssembly(SB)
	RET
