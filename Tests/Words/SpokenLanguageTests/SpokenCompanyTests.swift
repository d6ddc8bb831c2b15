import SpokenLanguage
import Testing

@Suite struct SpokenCompanyTests {
    /// What is said to "which company are you with?", and what may be written down.
    private static let answers: [(String, [String?])] = [
        ("London Logistics", ["London Logistics"]),
        ("acme", ["Acme"]),
        ("Boston Dynamics", ["Boston Dynamics"]),
        ("calling from San Francisco Bakery", ["San Francisco Bakery"]),
        ("california pizza kitchen", ["California Pizza Kitchen"]),
        ("new york life", ["New York Life"]),
        ("texas instruments", ["Texas Instruments"]),
        ("bank of america", ["Bank of America", "Bank Of America"]),
        ("general motors", ["General Motors"]),
        ("home depot", ["Home Depot"]),
        ("I'm with Siemens", ["Siemens"]),
        ("im with siemens", ["Siemens"]),
        ("I work at Target", ["Target"]),
        ("we're with blue cross", ["Blue Cross"]),
        ("I run a bakery called Sweet Dreams", ["Sweet Dreams"]),
        ("I own a shop, it's called Vintage Corner", ["Vintage Corner"]),
        ("our company name is Tech Solutions", ["Tech Solutions"]),
        ("the name of the company is ABC Plumbing", ["ABC Plumbing"]),
        ("Smith and Sons", ["Smith and Sons"]),
        ("smith and sons construction", ["Smith and Sons Construction"]),
        ("Johnson & Johnson", ["Johnson & Johnson"]),
        ("procter and gamble", ["Procter and Gamble"]),
        ("3M", ["3M"]),
        ("IBM", ["IBM"]),
        ("H&M", ["H&M"]),
        ("Acme, Inc.", ["Acme Inc", "Acme Inc.", "Acme"]),
        ("acme corporation", ["Acme Corporation"]),
        ("we are Greenfield Partners", ["Greenfield Partners"]),
        ("This is Mary from Greenfield Partners, we need phones", ["Greenfield Partners"]),
        ("hi this is tom with state farm", ["State Farm"]),
        ("this is anna calling from united healthcare about a quote", ["United Healthcare"]),
        ("I work for the government", [nil, "Government", "the government"]),
        ("I'm the CEO of Nimbus Cloud", ["Nimbus Cloud"]),
        ("head of operations at Delta Freight", ["Delta Freight"]),
        ("owner of Joe's Garage", ["Joe's Garage"]),
        ("I do sales for Pfizer", ["Pfizer"]),
        ("I handle purchasing at Bosch", ["Bosch"]),
        ("on behalf of Red Cross", ["Red Cross"]),
        ("representing Allied Steel", ["Allied Steel"]),
        ("Not Acme, Apex", ["Apex"]),
        ("Acme, sorry, Apex", ["Apex"]),
        ("we're called Nova, N O V A", ["Nova"]),
        ("first national bank", ["First National Bank"]),
        ("sunrise senior living", ["Sunrise Senior Living"]),
        ("all star movers", ["All Star Movers"]),
        ("good neighbor insurance", ["Good Neighbor Insurance"]),
        ("next level marketing", ["Next Level Marketing"]),
        ("happy paws", ["Happy Paws"]),
        ("lucky brand", ["Lucky Brand"]),
        ("University of Michigan", ["University of Michigan"]),
        ("City of Austin", ["City of Austin", nil]),
        ("saint mary's hospital", ["Saint Mary's Hospital"]),
        ("it's a restaurant called the Blue Door", ["The Blue Door", "the Blue Door", "Blue Door"]),
        ("um so it's uh northside dental", ["Northside Dental"]),
        ("Denver", [nil, "Denver"]),
    ]

    @Test(arguments: answers)
    func `a company is read from an answer, whatever its name begins with`(_ said: String, _ names: [String?]) {
        #expect(names.contains { $0?.lowercased() == SpokenCompany.find(in: said, asked: true)?.value.lowercased() })
    }

    private static let refusals = """
        I am, together with the board
        I'm from Boston
        from New York
        I'm calling from Chicago
        calling from San Francisco
        it's just me
        I'm self employed
        I'm retired
        freelance
        no company
        none
        I'd rather not say
        a startup
        a small law firm in Ohio
        we don't have a name yet
        my own business
        my husband's company
        I run my own business
        I'm at home
        I'm at the airport
        I'm with my wife
        I'm from the marketing team
        I work from home
        I work in construction
        I work for myself
        we buy from Costco
        I used to be at Google
        I'm not with Amazon anymore
        my wife works at Target
        I'm the owner of a garage
        what do you mean
        sorry what
        why does it matter
        it doesn't matter
        yes
        no
        hello
        I'm a private person
        I'm just a customer
        I'm in Denver
        Germany
        """.split(separator: "\n").map(String.init)

    @Test(arguments: refusals)
    func `an answer without a company is none, and neither is a place`(_ said: String) {
        #expect(SpokenCompany.find(in: said, asked: true) == nil)
    }

    private static let remarks = """
        I need a phone for my company
        we are looking for a system
        my company needs help
        I got your number from a friend
        I'm with a client right now
        I'm from out of town
        we moved here from Detroit
        I bought it at Walmart
        I saw you at CES
        we're at capacity
        I'm at a loss
        I work for a dentist
        we are expanding
        we are a team of ten
        """.split(separator: "\n").map(String.init)

    @Test(arguments: remarks)
    func `what looks like a company in passing is none`(_ said: String) {
        #expect(SpokenCompany.find(in: said) == nil)
    }
}
