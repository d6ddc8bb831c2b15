/// Parts of a number, and handfuls.
extension NumberReader {
    // MARK: Fractions

    /// `half a`, `a quarter of a`, `three quarters of a`, before a scale.
    func fraction(at start: Int) -> Factor? {
        var at = start
        var count = 1.0
        if word(at) == .article {
            at += 1
        } else if case .unit(let unit)? = word(at), (1...9).contains(unit) {
            count = unit
            at += 1
        }
        guard case .fraction(let part)? = word(at), count * part < 1 else { return nil }
        at += 1
        if case .handful(12)? = word(at + 1), word(at) == .article { return Factor(value: 6, end: at + 2) }
        let end = behindOf(at)
        guard let scale = scale(at: end), scale >= 1_000 || self.scale(at: end + 1) ?? 0 >= 1_000 else { return nil }
        return Factor(value: count * part, end: end, needsScale: true)
    }

    /// The place behind `of a`, `of`, `a`.
    func behindOf(_ place: Int) -> Int {
        var at = place
        if word(at) == .of { at += 1 }
        if word(at) == .article { at += 1 }
        if case .unit(1)? = word(at), text.tongue != .english { at += 1 }
        return at
    }

    /// `two and a half`, `one and three quarters`.
    func mixed(behind factor: Factor) -> Factor? {
        guard let part = partBehind(factor.end) else { return nil }
        var mixed = factor
        (mixed.value, mixed.end) = (factor.value + part.value, part.end)
        return mixed
    }

    func partBehind(_ place: Int) -> (value: Double, end: Int)? {
        guard word(place) == .and else { return nil }
        var (at, count) = (place + 1, 1.0)
        if word(at) == .article {
            at += 1
        } else if case .unit(let unit)? = word(at) {
            (count, at) = (unit, at + 1)
        }
        guard case .fraction(let part)? = word(at), count * part < 1 else { return nil }
        // "Between three and half past four".
        if at == place + 1, text.tongue == .english, scale(at: at + 1) == nil { return nil }
        return (count * part, at + 1)
    }

    /// `a million and a half`: of the million.
    func halfBehind(_ place: Int, scale: Double) -> (value: Double, end: Int)? {
        guard scale >= 1_000, let part = partBehind(place) else { return nil }
        return (part.value * scale, part.end)
    }

    /// `a couple of`, `a few`, `a dozen`, `two dozen`.
    func handful(at start: Int) -> Factor? {
        var (at, count) = (start, 1.0)
        var opened = false
        switch word(at) {
        case .article, .unit(1): (at, opened) = (at + 1, true)
        case .unit(let unit): (at, count) = (at + 1, unit)
        default: break
        }
        guard case .handful(let value)? = word(at) else { return nil }
        if count > 1 { return value == 12 ? Factor(value: count * value, end: at + 1) : nil }
        let next = word(at + 1) == .of ? at + 2 : at + 1
        let scaled = scale(at: next)
        guard value != 12 || opened || scaled != nil, value != 3 || scaled != nil, opened || scaled != nil else {
            return nil
        }
        return Factor(value: value, end: scaled == nil ? at + 1 : next, isLoose: value != 12)
    }
}
