extension NumberPlace {
    /// Where somebody is whose address names a state of the United States or a province of Canada (`FL`, `US-FL`, `Florida`), with all
    /// zones of the numbers that are at home there. Nil for anything else.
    package static func of(state written: String) -> NumberPlace? {
        let words = written.split(whereSeparator: { $0.isWhitespace || $0 == "." }).joined(separator: " ").uppercased()
        let code = words.hasPrefix("US-") || words.hasPrefix("CA-") ? String(words.dropFirst(3)) : words
        guard let region = states[code] ?? states[words] else { return nil }
        var place = NumberPlace(zones: [], regions: [region])
        place.zones = zonesOfRegions[region] ?? []
        return place
    }

    /// Codes and names, in capitals, to ISO 3166-2.
    private static let states: [String: String] = {
        var found: [String: String] = [:]
        for (country, names) in [("US", american), ("CA", canadian)] {
            for name in names.split(separator: ";") {
                let parts = name.split(maxSplits: 1, whereSeparator: \.isWhitespace)
                guard let code = parts.first, let name = parts.last else { continue }
                found[String(code)] = "\(country)-\(code)"
                found[name.uppercased()] = "\(country)-\(code)"
            }
        }
        return found
    }()

    private static let zonesOfRegions: [String: [String]] = {
        var zones: [String: Set<String>] = [:]
        for place in table.all {
            for region in place.regions { zones[region, default: []].formUnion(place.zones) }
        }
        return zones.mapValues { $0.sorted() }
    }()

    private static let american = """
        AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;
        DC District of Columbia;FL Florida;GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;
        LA Louisiana;ME Maine;MD Maryland;MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana;
        NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;NC North Carolina;ND North Dakota;OH Ohio;
        OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;UT Utah;
        VT Vermont;VA Virginia;WA Washington;WV West Virginia;WI Wisconsin;WY Wyoming;PR Puerto Rico;VI Virgin Islands;GU Guam;
        MP Northern Mariana Islands;AS American Samoa
        """
    private static let canadian = """
        AB Alberta;BC British Columbia;MB Manitoba;NB New Brunswick;NL Newfoundland and Labrador;NS Nova Scotia;
        NT Northwest Territories;NU Nunavut;ON Ontario;PE Prince Edward Island;QC Quebec;SK Saskatchewan;YT Yukon
        """
}
