/// Who is at the caller's end of a line: every 20 ms it is given what was heard and gives back what it says.
protocol CallerEnd {
    mutating func tick(hearing heard: ArraySlice<UInt8>) -> ScriptedCaller.Tick
    /// The words of a recording or of a text, by the name it is said under; nil where they are not known.
    func words(of name: String) -> String?
}

extension ScriptedCaller: CallerEnd {}
