import Foundation

/// Somebody who is enrolled, as a careless customer's list has them.
struct YearPerson: Sendable {
    var id = UUID()
    var number: String
    var zone: String?
    var state: String?
    /// Nil: never asked.
    var level: String?
}

/// Makes people up: numbers of areas that keep two times, numbers that moved with their owners, foreign ones, ones that nobody may
/// call, two people at one number.
struct YearPeople: Sendable {
    /// Area codes in which a clock alone says little.
    private static let split =
        "208 986 219 574 812 930 270 364 606 308 423 541 458 605 620 785 701 775 850 448 906 907 928 915"
    private static let plain = """
        205 251 334 907 480 602 501 870 213 310 415 619 818 916 303 720 970 203 860 302 202 239 305 321 352 407 561 727 813 904
        229 404 478 706 808 217 312 618 773 815 260 317 515 641 913 502 859 225 318 337 504 985 207 301 410 443 413 508 617 978
        231 248 313 517 616 734 218 320 612 651 228 601 662 314 417 573 816 406 402 531 702 725 603 201 609 732 908 505 575 212
        315 516 518 585 646 716 917 252 336 704 910 919 216 330 419 513 614 937 405 539 580 918 503 971 215 267 412 484 570 610
        717 724 814 878 401 803 843 864 615 731 865 901 931 210 214 254 361 409 512 713 806 817 903 936 956 385 435 801 802 276
        434 540 703 757 804 206 253 360 425 509 304 681 262 414 534 608 715 920 307 787 939 671 340
        """
    private static let canadian =
        "250 236 672 778 604 403 780 204 431 506 709 902 416 519 613 705 807 418 581 367 514 819 306"
    private static let refused = "800 888 877 855 900 500 533"
    private static let zones = [
        "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
        "America/Anchorage", "Pacific/Honolulu", "America/St_Johns", "America/Indiana/Knox", "Europe/London",
        "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Mars/Olympus_Mons",
    ]
    private static let states = [
        "FL", "Florida", "PA", "Pennsylvania", "CA", "California", "HI", "Hawaii", "ME", "Maine", "TX", "RI", "AL",
        "UT",
        "LA", "Louisiana", "WA", "OK", "NE", "KY", "TN", "ID", "Texas", "NY", "ON", "QC",
    ]

    private var taken: [String] = []

    mutating func next(_ random: inout YearRandom) -> YearPerson {
        var number = Self.number(&random)
        // Two people, and one telephone.
        if !taken.isEmpty, random.chance(0.03) { number = random.one(of: taken) }
        if taken.count < 5_000 {
            taken.append(number)
        } else {
            taken[Int.random(in: 0..<5_000, using: &random)] = number
        }
        var person = YearPerson(number: number)
        let isAmerican = number.hasPrefix("+1")
        if random.chance(isAmerican ? 0.2 : 0.1) { person.zone = random.one(of: Self.zones) }
        if isAmerican, random.chance(0.3) { person.state = random.one(of: Self.states) }
        if random.chance(0.9) { person.level = random.chance(0.9) ? "express_written" : "express" }
        return person
    }

    private static func number(_ random: inout YearRandom) -> String {
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
        }
        func american(_ areas: String) -> String {
            let area = random.one(of: areas.split(whereSeparator: \.isWhitespace))
            let exchange = Int.random(in: 2...9, using: &random) * 100 + random.one(of: [20, 34, 45, 56, 67, 78, 89])
            return "+1\(area)\(exchange)\(digits(4))"
        }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<48: return american(plain)
        case 48..<70: return american(split)
        case 70..<79: return american(canadian)
        case 79..<82: return american(refused)
        case 82..<85: return "+447" + random.one(of: ["4", "5", "8", "9"]) + digits(8)
        case 85..<87: return "+44207" + digits(7)
        case 87..<89: return "+49151" + digits(8)
        case 89..<90: return "+4930" + digits(8)
        case 90..<92: return "+336" + digits(8)
        case 92..<94: return "+346" + digits(8)
        case 94..<95: return "+3519" + random.one(of: ["1", "2", "3", "6"]) + digits(7)
        case 95..<97: return "+919" + digits(9)
        // Countries that no set is for, and a satellite.
        case 97..<98: return "+614" + digits(8)
        case 98..<99: return "+5511" + "9" + digits(8)
        default: return "+88165" + digits(7)
        }
    }
}
