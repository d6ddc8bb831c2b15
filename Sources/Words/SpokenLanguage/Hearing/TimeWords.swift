/// What a word, or a few of them, is in the naming of a time.
enum TimeWord: Sendable, Equatable {
    enum Unit: Sendable, Equatable { case minute, hour, day, week, month, quarter, year }

    /// 0 is Monday. Of a plural ("Mondays are best") any one may be meant.
    case weekday(Int)
    /// 1…12; a word that is other things too is one only with more around it.
    case month(Int, isSure: Bool = true)
    case unit(Unit)
    /// Days from today.
    case relative(Int)
    /// `workday`: any from Monday to Friday.
    case weekend, fortnight, workday, weekAfterNext
    case holiday(Almanac.Holiday)
    case season(Almanac.Season)
    /// Of a year: `Q1`.
    case quarter(Int)
    case part(SpokenClock.Part)
    /// `noon`, `close of business`: a time of day that has a name.
    case named(hour: Int, minute: Int)
    /// A zone by its identifier; a place is one only before "time".
    case zone(String, isPlace: Bool = false)
    case zoneTime, ownZone
    case am, pm, oclock
    case half, quarterHour, past
    case to, after, before, of, at, by, from, between, and, or, until
    case next, this, every, afterNext
    case early, middle, late, end, beginning
    case ordinal(Int), number(Double), one, oh
    case written(SpokenClock)
    case date(year: Int?, month: Int, day: Int)
    case `in`, the, on, within, now, ago, later, minus
    case sameTime, oneAfter
    case not, correction
    /// A word that says nothing of its own: `uh`, `say`, `maybe`.
    case filler
    case other

    /// No time is named without one of these.
    var isTelling: Bool {
        switch self {
        case .weekday, .month, .unit, .relative, .weekend, .fortnight, .workday, .weekAfterNext, .holiday, .season,
            .quarter,
            .part, .named, .ordinal, .number, .written, .date, .sameTime, .oneAfter, .half:
            true
        default: false
        }
    }
}

/// The words that a language tells times with, without accents.
struct TimeWords: Sendable {
    let index: PatternIndex<TimeWord>
    /// A time is not without one of these words, or a number.
    let telling: WordSet
    /// `halb vier` is half an hour before four, `half four` half an hour behind it.
    let halfIsBefore: Bool
    /// Before a time that is ruled out, and behind one.
    let ruledOutBefore: PhraseList
    let ruledOutAfter: PhraseList
    /// What a time belongs to that is about something else: "we close at five".
    let elsewhere: PhraseList
    /// What is wanted of us, whatever else is in the clause.
    let wanted: PhraseList
    /// What a bare number may be followed by to be an hour.
    let mayFollow: WordSet
    /// What makes a number a quantity.
    let counted: WordSet

    static func of(_ tongue: Tongue) -> TimeWords {
        switch tongue {
        case .english: english
        case .spanish: spanish
        case .german: german
        }
    }

    /// - Parameters:
    ///   - rows: what patterns of words, separated by commas, mean.
    ///   - The others are as the properties of these names.
    init(
        _ rows: [(TimeWord, String)], halfIsBefore: Bool, ruledOutBefore: PhraseList, ruledOutAfter: PhraseList,
        elsewhere: PhraseList, wanted: PhraseList, mayFollow: WordSet, counted: WordSet
    ) {
        var index = PatternIndex<TimeWord>()
        var telling: Set<String> = []
        for (word, patterns) in rows {
            for pattern in patterns.split(separator: ",") {
                index.append(word, Phrase(String(pattern)))
                guard word.isTelling else { continue }
                telling.formUnion(pattern.split { " |?".contains($0) }.map(String.init))
            }
        }
        self.index = index
        self.telling = WordSet(telling.subtracting(TimeWords.common))
        self.halfIsBefore = halfIsBefore
        self.ruledOutBefore = ruledOutBefore
        self.ruledOutAfter = ruledOutAfter
        self.elsewhere = elsewhere
        self.wanted = wanted
        self.mayFollow = mayFollow
        self.counted = counted
    }

    /// Whether a time may be in the words: most utterances hold none.
    func mayTell(_ words: CodedWords) -> Bool { words.contains(where: telling.contains) }

    /// Words that stand in the names of times and everywhere else.
    private static let common: Set<String> = [
        "the", "a", "an", "in", "at", "of", "on", "to", "before", "this", "my", "our", "all", "over", "for", "is", "de",
        "el", "la", "por",
        "en", "al", "der", "die", "das", "den", "dem", "am", "im", "zu", "thing", "same", "one", "last", "first",
        "second", "end", "close", "start",
    ]

    static let english = TimeWords(
        calendar + clock + [
            (.past, "past"), (.to, "to,till,-,through,thru"), (.after, "after"), (.before, "before,ahead of"),
            (.of, "of"), (.at, "at,around,about,roughly,approximately,say,circa"),
            (.by, "by,no later than,not later than,latest"),
            (.from, "from,starting,beginning at,as of"), (.between, "between"), (.and, "and"), (.or, "or"),
            (.until, "until,til"),
            (.next, "next,another,the following,following"), (.this, "this,this coming,the coming,coming,upcoming"),
            (.every, "every,each,any"), (.afterNext, "after next"),
            (.early, "early,earlier in,early in,early on,first half of,the first half of"),
            (.middle, "mid,middle of,the middle of,midway through"),
            (
                .late,
                "late,later,late in,later in,towards the end of,toward the end of,second half of,the second half of"
            ),
            (.end, "end of,the end of,the close of,last day of,the last day of"),
            (.beginning, "beginning of,the beginning of,start of,the start of"),
            (.in, "in"), (.the, "the"), (.on, "on"),
            (.within, "within,inside of,inside,in the next,over the next,the next"),
            (.now, "from now,from today,after today,after now,hence,out,down the road,time,down the line"),
            (.ago, "ago"),
            (.sameTime, "same time,the same time,this time,same hour"),
            (.oneAfter, "the one after,the day after,the week after"),
            (.not, "not,never"), (.number(3), "a few,few,several"),
            (.number(2), "a couple of,a couple,couple of,couple"),
            (.one, "a,an"), (.oh, "oh"),
            (
                .correction,
                """
                no wait,no sorry,no no,actually no,actually,no actually,sorry,i mean,i meant,or rather,wait,no,rather,make that,\
                scratch that,correction,or actually,wait no,sorry i mean,no make it,make it,better,better yet,or better,\
                no i mean,hmm make that,well no,i take that back
                """
            ),
            (
                .filler,
                """
                uh,um,like,maybe,then,perhaps,would be,let us say,please,for,well,i guess,i think,exactly,precisely,sometime,\
                some time,hmm,okay,just,shortly,at like,or so,probably,can be,works,is fine,is good,is best,best,\
                the date,ish,a little,a bit,good,right,any time,anytime,at any time,any time at all
                """
            ),
        ], halfIsBefore: false,
        ruledOutBefore: Phrase.list(
            "not ?on ?a|this", "except ?for ?on", "any|every|each day|time|weekday but ?not ?on",
            "anything|anytime|whenever but ?on",
            "apart|aside from", "other than", "excluding", "not do ?it ?on ?this", "not make ?it ?on ?this",
            "out|away|off|busy|traveling|travelling|gone|unavailable|tied|booked ?up ?on ?all ?from",
            "in ?back ?to ?back meetings|court|training|surgery ?all ?day ?on", "neither", "nor ?on", "than ?on",
            "closed ?on",
            "not call|ring|phone ?me ?on", "no to", "not ?be ?in|available|free|here|around ?on ?this",
            "not work|working|available ?on",
            "instead of", "rather than", "forget|skip|avoid ?about", "but not ?on", "unless it is", "any day but",
            "in and out ?all ?day ?on"),
        ruledOutAfter: Phrase.list(
            "^ ?is|are|will|would ?all ?be ?a|really|very|just not|out|full|busy|bad|booked|packed|impossible|difficult|hard|tough|taken|off|closed|terrible|crazy",
            "^ ?is|are|will|would ?be no good|use|chance|go", "^ ?does|do|will|would|can not",
            "^ i ?am not|out|away|off|busy|traveling|travelling|full",
            "^ we ?are closed|out|away|off|busy", "^ ?is|are ?a holiday|problem", "^ never works", "^ is not",
            "^ i am ?all ?day in ?a|the|back ?to ?back meeting|meetings|training|court|surgery", "^ here|already",
            "^ ?is|would|are ?be ?a ?bit|little|way too early|late|soon",
            "^ i have ?a|an|the|another|got meeting|meetings|appointment|appointments|dentist|doctor|court|training|flight",
            "^ i can not",
            "^ we can not", "^ ?is ?a no go"),
        elsewhere: Phrase.list(
            "since", "ago", "born", "open|opens|opened|close|closes|closed",
            "ends|ended|starts at|started|begins|began|finish|finishes",
            "gets|get|got home|in|here|up|out", "land|lands|landing", "rings|rang|arrives|arrived|leaves|left",
            "called|talked|spoke|saw|met|wrote|emailed|heard",
            "last|yesterday", "was|were ~ at|on|in", "has|have been", "took|takes|taken|lasted|waited|waiting",
            "have|got|has ?a|an|another|the meeting|meetings|appointment|flight|dentist|doctor|lunch|training",
            "shift|flight|lunch|train|break ?break is|at|on",
            "meets|run|runs", "he|she|they said|would", "used to", "in business", "founded", "moved", "hired"),
        wanted: Phrase.list(
            "call|ring|phone|reach|try|get|catch|contact ?me|us|back", "make it", "please", "say", "how about",
            "what about",
            "free|available", "works for", "would work", "good|best|better|fine|suits", "could|can do", "let us",
            "i would|will", "shall|should we",
            "so this", "thinking|hoping", "after ?we|i|my", "until"),
        mayFollow: [
            "on", "tomorrow", "today", "or", "and", "please", "works", "work", "is", "would", "if", "then", "thanks",
            "thank",
            "your", "my", "our", "i", "we", "you", "so", "but", "that", "next", "this", "in", "will", "for", "maybe",
            "can",
            "with", "the", "okay", "sounds", "they", "perhaps", "should", "sharp", "local", "instead", "not", "when",
            "because",
            "by", "there", "it", "no", "sorry", "hmm", "wait", "actually", "yes", "yeah", "suits", "fits", "ish", "uh",
            "um",
            "first", "could", "exactly", "give", "to", "onwards", "onward", "earliest", "latest", "at", "tonight",
            "every",
        ],
        counted: [
            "percent", "dollars", "euros", "pounds", "people", "employees", "users", "calls", "weeks", "days", "months",
            "years", "hours", "minutes", "points", "times", "a", "per", "of", "bucks", "seats", "agents", "dot", "main",
            "street", "avenue", "thousand", "hundred", "million", "k", "grand", "percentage", "offices", "things",
            "kids",
            "questions", "locations", "options", "colleagues", "others", "different", "more", "seconds", "second",
            "moment", "sec", "thing", "question",
        ])

    private static let calendar: [(TimeWord, String)] = [
        (.weekday(0), "monday,mondays,mon,monday's"), (.weekday(1), "tuesday,tuesdays,tue,tues,tuesday's"),
        (.weekday(2), "wednesday,wednesdays,wed,weds,wednesday's,midweek"),
        (.weekday(3), "thursday,thursdays,thu,thurs,thur,thursday's"),
        (.weekday(4), "friday,fridays,fri,friday's"), (.weekday(5), "saturday,saturdays,saturday's"),
        (.weekday(6), "sunday,sundays,sunday's"),
        (.month(1), "january,jan"), (.month(2), "february,feb"), (.month(3, isSure: false), "march,mar"),
        (.month(4), "april,apr"),
        (.month(5, isSure: false), "may"), (.month(6), "june,jun"), (.month(7), "july,jul"), (.month(8), "august,aug"),
        (.month(9), "september,sept,sep"), (.month(10), "october,oct"), (.month(11), "november,nov"),
        (.month(12), "december,dec"),
        (.unit(.minute), "minute,minutes,min,mins"), (.unit(.hour), "hour,hours,hour's"),
        (.unit(.day), "day,days,day's,business day|days,working day|days"),
        (.workday, "weekday,weekdays,workday,workdays"),
        (.unit(.week), "week,weeks,week's,business week|weeks"),
        (.unit(.month), "month,months,month's"), (.unit(.quarter), "quarter,quarters"), (.unit(.year), "year,years"),
        (.fortnight, "fortnight"), (.weekAfterNext, "week after next,the week after next"), (.weekend, "weekend"),
        (.relative(0), "today"), (.relative(1), "tomorrow"),
        (.relative(2), "day after tomorrow,the day after tomorrow"),
        (.holiday(.christmas), "christmas ?day,xmas"),
        (
            .holiday(.newYear),
            "new year|years ?day,new year's ?day,the first of the year,first of the year,the new year"
        ),
        (.holiday(.thanksgiving), "thanksgiving"), (.holiday(.easter), "easter ?sunday"),
        (.holiday(.goodFriday), "good friday"), (.holiday(.easterMonday), "easter monday"),
        (.holiday(.christmas), "the holidays"), (.holiday(.christmasEve), "christmas eve"),
        (.holiday(.boxingDay), "boxing day"),
        (.holiday(.newYearsEve), "new year|years|year's eve"), (.holiday(.presidentsDay), "presidents|president's day"),
        (.holiday(.kingDay), "martin luther king ?junior|jr ?day,mlk day"),
        (.holiday(.independenceDay), "independence day,the fourth of july"),
        (.holiday(.laborDay), "labor day,labour day"),
        (.holiday(.memorialDay), "memorial day"), (.holiday(.halloween), "halloween"),
        (.holiday(.valentines), "valentine's ?day"),
        (.season(.spring), "spring,springtime"), (.season(.summer), "summer,summertime"),
        (.season(.autumn), "fall,autumn"),
        (.season(.winter), "winter"),
        (.quarter(1), "q1,first quarter,quarter one"), (.quarter(2), "q2,second quarter,quarter two"),
        (.quarter(3), "q3,third quarter,quarter three"), (.quarter(4), "q4,fourth quarter,quarter four"),
        (.ordinal(1), "first"), (.ordinal(2), "second"), (.ordinal(3), "third"), (.ordinal(4), "fourth"),
        (.ordinal(5), "fifth"),
        (.ordinal(6), "sixth"), (.ordinal(7), "seventh"), (.ordinal(8), "eighth"), (.ordinal(9), "ninth"),
        (.ordinal(10), "tenth"),
        (.ordinal(11), "eleventh"), (.ordinal(12), "twelfth"), (.ordinal(13), "thirteenth"),
        (.ordinal(14), "fourteenth"),
        (.ordinal(15), "fifteenth"), (.ordinal(16), "sixteenth"), (.ordinal(17), "seventeenth"),
        (.ordinal(18), "eighteenth"),
        (.ordinal(19), "nineteenth"), (.ordinal(20), "twentieth"), (.ordinal(30), "thirtieth"), (.ordinal(-1), "last"),
    ]

    private static let clock: [(TimeWord, String)] = [
        (
            .part(.earlyMorning),
            "breakfast,breakfast time,early morning,early in the morning,first thing ?in ?the ?morning,crack of dawn"
        ),
        (.part(.morning), "morning,mornings,in the morning,the morning"),
        (.part(.midMorning), "mid morning,midmorning,late morning"),
        (.part(.lunch), "lunchtime,lunch time,lunch,over lunch,in the middle of the day"),
        (.part(.afternoon), "afternoon,afternoons,in the afternoon,the afternoon,early afternoon,mid afternoon"),
        (.part(.lateAfternoon), "last thing,late afternoon,late in the afternoon,later in the afternoon"),
        (
            .part(.evening),
            "dinner time,dinnertime,dinner,supper,dusk,evening,evenings,in the evening,night,at night,tonight,nights,the evening"
        ),
        (.part(.afterWork), "after work,after hours,after business hours"),
        (.named(hour: 12, minute: 0), "noon,midday,high noon,noontime"), (.named(hour: 0, minute: 0), "midnight"),
        (
            .named(hour: 17, minute: 0),
            """
            close of business,close of play,cob,eob,end of business,end of ?the day,end of ?the business|working|work day,eod,\
            the end of the day
            """
        ),
        (.named(hour: 9, minute: 0), "start of business,start of ?the day,the start of the day,opening time"),
        (.am, "am,a m,a.m"), (.pm, "pm,p m,p.m"), (.oclock, "o'clock,o clock,oclock,sharp,on the dot"),
        (.half, "half"), (.quarterHour, "quarter,a quarter"), (.zoneTime, "time,standard time,daylight time"),
        (.ownZone, "my time,our time,local time,my local time,your time,your local time"),
        (.zone("America/New_York"), "eastern,est,edt,et"), (.zone("America/Chicago"), "central,cst,cdt"),
        (.zone("America/Denver"), "mountain,mst,mdt"), (.zone("America/Los_Angeles"), "pacific,pst,pdt,pt"),
        (.zone("Europe/London"), "gmt,bst"), (.zone("UTC"), "utc,zulu"),
        (.zone("Europe/Berlin"), "cet,cest,central european"),
        (.zone("Asia/Kolkata"), "ist"),
        (.zone("Europe/London", isPlace: true), "london,uk,british,england,edinburgh,manchester"),
        (.zone("Europe/Dublin", isPlace: true), "dublin,irish"),
        (.zone("Europe/Berlin", isPlace: true), "berlin,german,munich,frankfurt,hamburg,germany"),
        (.zone("Europe/Paris", isPlace: true), "paris,french,france"),
        (.zone("Europe/Madrid", isPlace: true), "madrid,spanish,spain,barcelona"),
        (.zone("Europe/Rome", isPlace: true), "rome,italian,italy,milan"),
        (.zone("Europe/Zurich", isPlace: true), "zurich,swiss,geneva"),
        (.zone("Europe/Amsterdam", isPlace: true), "amsterdam,dutch"),
        (.zone("Europe/Vienna", isPlace: true), "vienna,austrian"),
        (.zone("Europe/Athens", isPlace: true), "athens"),
        (.zone("Europe/Istanbul", isPlace: true), "istanbul,turkish"),
        (.zone("Europe/Moscow", isPlace: true), "moscow"),
        (.zone("Asia/Dubai", isPlace: true), "dubai,gulf,abu dhabi,uae"),
        (.zone("Asia/Kolkata", isPlace: true), "india,indian,mumbai,delhi,bangalore"),
        (.zone("Asia/Singapore", isPlace: true), "singapore"),
        (.zone("Asia/Hong_Kong", isPlace: true), "hong kong"),
        (.zone("Asia/Tokyo", isPlace: true), "tokyo,japan,japanese"),
        (.zone("Asia/Shanghai", isPlace: true), "china,chinese,beijing,shanghai"),
        (.zone("Australia/Sydney", isPlace: true), "sydney,melbourne"),
        (.zone("Pacific/Auckland", isPlace: true), "auckland,new zealand"),
        (.zone("America/Toronto", isPlace: true), "toronto,montreal"),
        (.zone("America/Vancouver", isPlace: true), "vancouver"),
        (.zone("America/New_York", isPlace: true), "new york,boston,miami,atlanta,east coast"),
        (.zone("America/Chicago", isPlace: true), "chicago,dallas,houston,texas"),
        (.zone("America/Denver", isPlace: true), "denver"),
        (.zone("America/Phoenix", isPlace: true), "phoenix,arizona"),
        (.zone("America/Los_Angeles", isPlace: true), "california,la,los angeles,san francisco,seattle,west coast"),
        (.zone("America/Mexico_City", isPlace: true), "mexico city"),
        (.zone("America/Sao_Paulo", isPlace: true), "sao paulo,brazil"),
        (.zone("Pacific/Honolulu", isPlace: true), "hawaii"), (.zone("America/Anchorage", isPlace: true), "alaska"),
        (.zone("Africa/Johannesburg", isPlace: true), "johannesburg"),
    ]
}
