import CallModel
import SpokenLanguage

enum AuthorityWords {
    /// Where a statement is taken back for the next one.
    private static let turns = Phrase.list(
        "well ?actually", "or rather", "no wait", "i mean", "actually", "sorry", "correction", "but now", "these days",
        "since january|february|march|april|may|june|july|august|september|october|november|december|then",
        "since last week|month|year|spring|summer|fall|autumn|winter", "since then",
        "since he|she|they left|retired|died|quit|sold|stepped", "now")

    static func segments(_ words: CodedWords, from first: Int) -> [Range<Int>] {
        var segments: [Range<Int>] = []
        var start = first
        while let found = turns.first(in: words, from: start), !found.isEmpty {
            if found.lowerBound > start { segments.append(start..<found.lowerBound) }
            start = found.upperBound
        }
        if start < words.count { segments.append(start..<words.count) }
        return segments
    }

    static let aloneQuestions = Phrase.list(
        "on your own", "by|all yourself", "decide|decision|decisions|choose|call|calls|choice|sign alone|yourself|solo",
        "solely you|your",
        "alone or with")
    /// "… or does somebody else?": a no says that the caller does not.
    static let eitherOr = Phrase.list(
        "or ?is|does|do|will|would|has ?it ?that ?by somebody|someone|anybody|anyone|your|a|another|others|other")
    static let bare: WordSet = [
        "no", "not", "nope", "nah", "really", "at", "all", "exactly", "quite", "well", "oh", "sorry",
    ]
    static let bareNos = Phrase.list(
        "^ ?well no|nope|nah ?sir|ma'am|sorry $", "^ not ?really ?exactly ?always|usually|quite $")

    /// Of what is said unasked only this is about decisions.
    static let deciding: WordSet = [
        "decide", "decides", "decision", "decisions", "choose", "agree", "agrees", "approve", "approves", "sign",
        "signs", "say", "vote",
    ]
    static let negations: WordSet = ["not", "never", "nor", "hardly", "no", "without", "nothing"]
    /// "not only up to me".
    static let wholes: WordSet = [
        "only", "just", "entirely", "solely", "completely", "alone", "fully", "totally", "wholly", "always",
        "necessarily", "all", "myself",
        "exclusively", "quite", "own",
    ]
    static let portions: WordSet = [
        "partly", "partially", "half", "somewhat", "mostly", "mainly", "largely", "part", "jointly", "also",
    ]

    static let decides = Phrase.list(
        "i ?also ?usually ?always ?alone ?personally ?will|would|do|can|could|may|get ?to make|take|call ?all ~ decision|decisions|call|calls|shots|choice",
        "i ?do|will|can|could|would|usually|alone|always|get ?to ?alone decide",
        "i can|may say yes", "what|whatever i say goes|counts|happens",
        "i run this|the|my|our ?own place|business|company|shop|firm|store",
        "i started|founded|built|opened|created this|the|my|our|it ?own company|business|firm|shop|place|store|agency|practice",
        "i have ?got|been ?given full|complete|total|final|sole|the authority|power|control",
        "my ?own ?sole decision|call|choice|responsibility", "my word is ?always final|law|enough",
        "i am a|an ?independent freelancer|contractor|consultant",
        "decision|call|choice is ?all|entirely|solely mine", "up|down to me",
        "i have|hold|got ?the final|last|only say|word|decision|authority",
        "i have the authority|power",
        "i ?do|will|can|usually sign ?off|the|all ?on ?checks|contracts|cheques|it|everything|them", "i ?can approve",
        "i am ?the ?one ?who ?person in charge", "i am responsible for purchasing|buying|this|that|the|all|procurement",
        "buck stops with|here",
        "in|on|at|within|under my ?own ?sole hands|shoulders|desk|power|discretion|remit|purview|control|authority",
        "signature|vote|word|say|budget ~ is|be ?all ?entirely mine",
        "found|reached|got ?the right person|man|woman|one|guy",
        "what|whatever i want|say|decide|pick ?is we|they|you get|buy|take",
        "you are ?now ?already talking|speaking to|with the|our ?managing|general|practice|company director|ceo|founder|president|principal|proprietor|owner|head",
        "i am|be ?the ?only ?main ?sole decision maker|decider",
        "i am the ?only one who|that decides|signs|approves",
        "talking|speaking|talk to|with the|your ?right|decision maker|owner|boss|person|man|woman|one",
        "i am ?actually|also|still|just ?the|a ?sole|only|proud owner|founder|ceo|proprietor|president|boss|principal|proprietress",
        "i own ?and ?run|operate the|this|my|it|a|an ~ company|business|firm|shop|store|place|restaurant|hotel|bakery|clinic|practice|salon|agency|bar|cafe|garage|studio",
        "i own it|everything|all", "i am the ?big boss", "it is my ?own company|business|firm|shop|store|practice",
        "my company|business so",
        "nobody ?else but|except|besides me|myself", "no one ?else but|except|besides|other ?than me|myself",
        "sole owner|proprietor|decision|shareholder|trader",
        "decision|choice|call|it|that|everything rests|lies|stays|sits|falls|lands|ends|stops|depends with|to|on me|my",
        "i have|got|hold|get ?the full|budget|complete|total|last|final authority|control|power|word|say",
        "purse strings", "carte blanche", "i can sign", "i work alone",
        "one man|woman|person show|operation|business|band",
        "self employed", "do not have a boss", "there is only ?just me", "looking at him|her", "yours truly",
        "that is my job|responsibility|role", "who else", "it is ?all ?just me",
        "i answer to nobody|myself|noone", "i run the show|company|business|place",
        "authorized|authorised|entitled|empowered to sign|buy|purchase|decide|spend|commit|approve|choose|order")
    /// What answers the question for it, and says nothing of it elsewhere.
    static let answersMe = Phrase.list(
        "is my job|responsibility|task|area|duty|call", "is|are ?all ?entirely ?completely mine ?alone",
        "i ?do|will|can ?just buy|order|sign what i|it",
        "by myself", "by my ?own lonesome|self",
        "i ?can|could|will|may|get ?to handle|do|manage|decide|approve that|it|this|all",
        "^ ?yes ?yeah ?well ?that|it ?would ?is|will ?be ?all ?just ?only me|myself", "^ ?yes ?well i|it is me",
        "^ ?yes ?yeah ?well i ?alone do|am|will|can|would|should|have ?alone ?yes $",
        "i|myself ?always do ?yes ?actually $",
        "^ ?all ?always ?usually ?yes ?well alone|solo", "by my lonesome", "on my own",
        "^ ?pretty ?much always $",
        "my signature|budget", "it is ?all ?entirely on|with|for me", "i founded it|this",
        "just|only ?by me|myself", "^ ?yes me", "^ ?it|that ?is|would ?be me ?myself ?alone ?yes $", "sure am|do",
        "^ ?well nobody|noone ?else ?really $", "^ ?well no one ?else ?really $",
        "^ ?just ?only i ?alone $", "i do ?all on|by|alone|myself ?my", "it is me|myself",
        "i handle|do|manage that|it|this|all ?the|purchasing|buying",
        "that is me", "talking|speaking|looking to|with|at him|her|it", "i am the one", "^ ?yes speaking $",
        "i ?just|simply|alone|personally|usually|always pick|choose|select", "^ ?yes ?i always have|do|did $",
        "it is|has been ?just|only me")
    /// Others are named and it is the caller all the same.
    static let alone = Phrase.list(
        "leave|leaves|left ~ to|with me", "lets|letting me decide|choose|handle|buy|do|pick|make|sign|run",
        "free hand|rein|reign",
        "full|complete|blank freedom|cheque|check|discretion", "trusts me with|to|on|completely|fully",
        "delegated ~ to me",
        "me myself ?and ?i", "not need|require|want ~ permission|approval|blessing|signature",
        "me and only|nobody|noone|that", "me and no one", "which|who is|would|happens ?be ?to ?also ?be me|myself",
        "but|except|besides mine|me $", "other than mine|me")
    /// Nobody else has to be asked.
    static let unneeded = Phrase.list(
        "you got|have|found him|her",
        "not|never ?have|need|got ?to run|check|clear|discuss|consult|ask|talk|go|report|answer ?it|this|that|things ?with|to|past|by anyone|anybody",
        "not|hardly anybody|anyone ?that ?who ?whom i ?do ?would have|need|must|got",
        "no need|reason to ask|consult|check|involve",
        "no committee|board|boss|bosses|manager here|above|behind|involved", "no one|nobody|noone ~ above|over me|us",
        "no one|nobody|noone ?else ?that ?whom i ?do ?would have|need|must|got ?to ask|consult|check|tell|clear",
        "nobody tells me|us", "no one tells me|us",
        "i do not need|have ~ permission|approval|anyone|anybody|anyone's|anybody's",
        "no one|nobody ?else has|have|needs|need ?to ?approve|sign|agree|okay|decide",
        "nobody has|have|needs|need to approve|sign|agree|okay|decide", "no one else has|needs|decides",
        "without asking anyone|anybody", "i|we do not have a|any boss|bosses|manager|superior|superiors",
        "nobody|noone ?else ?that ?whom i ?do ?would have|need|must|got ?to ask|consult|check|tell|clear",
        "nobody|noone ~ above|over me|us", "i|we need no permission|approval|blessing|signature",
        "i|we do not answer|report to anyone|anybody|no",
        "i|we have ?got no boss|bosses|manager|superior|superiors",
        "there is no|not ?a boss|manager|superior ?above|over|here ?me|us",
        "nothing|nobody|noone ~ ~ without me|my|asking", "no one ~ ~ without me|my|asking")
    /// What the caller does of it: "I do the research".
    static let contributes = Phrase.list(
        "i ?just|only|usually|do|will do|research|prepare|gather|collect|compare|look|find|pick|choose|select|recommend|suggest|bring|present|test|review ?the|for|it|options|some|all|quotes|offers"
    )
    static let notMe = Phrase.list(
        "i just|only work|take|answer|fill|clean|help", "out of my hands|control", "not senior enough",
        "no authority", "could|can not decide|sign", "could|can not say yes", "wrong department", "above me",
        "new here", "filling in",
        "i am a|the ?new temp|cleaner|trainee|apprentice|volunteer|driver|receptionist|intern|bookkeeper",
        "not at my level", "not mine|my",
        "no|not ?have ?any power|influence|control|vote|signing", "not ?really ?exactly me|mine|really|i|myself $",
        "^ not me", "far from it", "i wish ?$", "if only", "^ no $",
        "nothing to do with", "above my pay|head",
        "not my department|job|area|place|role|thing|business", "someone|somebody|anyone else",
        "not the right|one|person", "wrong person", "no i am not",
        "no|nothing ?to say|influence", "nobody|noone listens|asks", "not tell you yes",
        "not in charge|authorized|allowed|involved|entitled", "i|we am just|only ?the|a|an")
    /// Somebody else.
    private static let people =
        "boss|manager|director|owner|owners|ceo|cfo|cto|coo|president|husband|wife|spouse|partner|partners|father|mother|dad|mom|brother|sister|son|daughter|chief|headquarters|hq|corporate|board|committee|management|team|finance|procurement|purchasing|superior|supervisor|superiors|bosses|uncle|family|council|executives|leadership|controller|treasurer|principal|landlord|accountant|bookkeeper|doctor|dentist|gentleman|nephew|niece|cousin|aunt|grandfather|governors|directors|managers|franchisor|stakeholders|mayor|headmaster|founder|founders|office|upstairs|ups|lady|guy|people|department|shareholders|investors|missus|hubby|girlfriend|boyfriend|fiance|fiancee|mum|mama|papa|head|heads|lead|leads|investor|accounting|hr|legal|cio|ciso|administrator|bursar|dean|pastor|trustees|trustee|members|chair|chairman|chairwoman|successor|buyer|buyers|colleague|colleagues|co-founder|cofounder|parents|employer|client|lawyer|associates|director's|vp"
    static let others = PhraseList([
        Phrase(people), Phrase("he|she|they does|do|decides|decide|handles|makes|is|are|has"),
        Phrase("someone|somebody else|above|higher|over"), Phrase("owns|own us|it"),
        Phrase("parent|mother|sister company|firm"), Phrase("decides"), Phrase("does $"),
        Phrase("handles|decides that|it|those|this|everything"), Phrase("mr|mrs|ms|mister"), Phrase("question for"),
        Phrase("whoever"), Phrase("^ ?only|just them|him|her|they|she|he|others $"),
        Phrase("you ?would|should|will|might|must ?better ?need|want|have ?to talk|speak|ask ?to|with _"),
    ])
    /// Unasked, it has to be one of theirs.
    static let oursDecide = PhraseList([
        Phrase(
            "my|our|the ?co ?business \(bosses) ?always|usually|alone|also|in|at|still ~ decides|decide|makes|make|signs|sign|approves|approve|chooses|choose|final"
        ),
        Phrase("up|down to my|our ?co ?business \(bosses)"),
        Phrase("decision|call|choice is|lies|rests ?with my|our|the \(bosses)"),
        Phrase("my|our|the \(bosses) call|decision|choice"),
        Phrase("have|need to talk|speak|ask ?to|with my|our|the \(bosses)"),
        Phrase("it is my|our|the \(bosses) who|that decides|decide|signs|approves|makes"),
        Phrase("my|our \(bosses) ?always|usually|who has|have ?the final|last say|word"),
    ])
    private static let bosses =
        "boss|manager|director|owner|owners|ceo|cfo|cto|coo|cio|president|husband|wife|spouse|partner|partners|father|mother|dad|mom|mum|brother|sister|chief|headquarters|hq|board|committee|management|team|finance|procurement|purchasing|supervisor|bosses|council|leadership|controller|treasurer|principal|landlord|accountant|founder|founders|shareholders|investors|missus|head"
    static let othersDecide = PhraseList([
        Phrase(
            "\(people) ?always|usually|alone|also|in|at|still|can|may|could|will|would|must ~ decides|decide|makes|make|handles|signs|sign|approves|approve|chooses|choose|pays|picks|pick|final|authorizes|authorises|authorize|authorise|okays|votes|controls|owns|clears|holds|calls"
        ),
        Phrase("\(people) ?always|usually|who has|have ?the final|last say|word"),
        Phrase("\(people) ~ runs|running ?the|our|this company|business|place|firm|shop|show|everything|things|it"),
        Phrase("up|down to my|our|the|her|his|them|him|someone|somebody|corporate|headquarters"),
        Phrase("someone|somebody else decides|makes|handles|does"),
        Phrase("have|need to talk|speak|ask ?to|with my|our|the \(people)"),
        Phrase("it is my|our|the \(people) who|that"),
        Phrase("decision|call|choice is|lies|rests ?with my|our|the|her|his|theirs|someone|\(people)"),
        Phrase("my|our|the \(people) call|decision|choice"),
    ])
    /// "the owner's assistant", "on behalf of the director".
    static let forOthers = Phrase.list(
        "owner's|boss's|director's|manager's|ceo's|president's|founder's|partner's assistant|secretary|son|daughter|wife|husband|office|brother|sister|clerk|pa|aide",
        "assistant|secretary|pa|clerk to the|our|my|a",
        "on behalf of ?my|our|the boss|director|owner|manager|ceo|husband|wife|company's",
        "i am only|just ?the|a|an assistant|receptionist|intern|secretary|temp|student|employee|associate|messenger|clerk|nurse|helper",
        "not the owner|boss|decision|one|right|person|manager ?maker", "i have no say|authority", "i do not own",
        "not authorized|allowed|entitled to buy|decide|sign|purchase|spend|approve")
    static let formerly = Phrase.list(
        "former|ex|previous|retired|past owner|boss|ceo|director|manager|president|founder|partner",
        "used to be|own|run|decide|make|sign|do", "not anymore", "not any more", "previously|formerly",
        "until recently|lately", "i was the|a|an ?ceo owner|boss|director",
        "sold the|my|our|it|them ?company|business|shop", "no longer the|own|in|run|decide|make|my|up",
        "i ?have ?am ?already ?long retired|stepped ?down",
        "i decided|ran|owned|led|managed ~ until|before|till", "i was ~ until|before|till", "i had ~ until|before|till")
    /// "I can't do it without my wife": the caller decides, and not alone.
    static let notWithout = PhraseList([
        Phrase(
            "not|never|nothing ~ without ?asking|checking|talking|consulting ?with|to my|our|the ?co ?business \(people)"
        ),
        Phrase("neither of us"), Phrase("no one|single person|individual"),
        Phrase("not|never|nothing ~ ~ without ?first asking|checking|talking|consulting"), Phrase("not|never ~ alone"),
        Phrase("not|never ~ by myself"), Phrase("not|never ~ on my own"),
    ])
    static let partly = Phrase.list(
        "have|got ?some ?a big|strong|certain|large|small|little say|voice|influence",
        "two|three|second|another signatures|signature|approvals",
        "goes|go|has to|through ?to ?go ?through a|the|our committee|board|procurement", "put forward",
        "carries weight", "has|have|holds a veto",
        "after|once|if|unless|until|when ~ \(people)|he|she|they ~ agrees|okays|approves|signs|clears|confirms|blesses|releases|agree|okay|approve|sign|clear|confirm",
        "fifty fifty|percent",
        "own half|part|percent", "part|minority|joint owner", "subject to", "depends on the amount|size|price|sum",
        "after|once|if|unless|when my|our|the boss|board|partner|wife|husband|owner|director|manager|cfo|ceo agrees|okays|approves|signs|says|agree",
        "on|in the ?selection|buying|purchasing|steering|evaluation board|committee|panel",
        "follow|follows|accept|accepts|take|takes|trust ~ i|my propose|recommend|suggest|say|advice|recommendation|proposal",
        "with approval", "i can decide|sign ~ under|up|below|small|smaller",
        "i ?only|just gather|collect|prepare|research|compare",
        "partly|partially|jointly|somewhat ?up|my|mine|me|involved|to", "in part",
        "to some|a|certain extent|degree|point", "half up|my|mine", "up to a point",
        "not ?really just|only|entirely|solely|completely|wholly|all|alone me|up|my|mine|myself|alone",
        "i am not alone", "not alone", "not ?the only one", "not me|myself alone|only", "kill|divorce me|us if",
        "^ not entirely|completely|fully|quite|only|wholly|totally|exactly $",
        "i ?only|just|can|do|would|will|usually recommend|influence|suggest|advise|propose|shortlist|evaluate|research|prepare|pick|vet|advise|compare|screen|preselect|choose ~ board|director|boss|finance|they|he|she|owner|sign|signs|decide|decides|approve|approves|chooses|pays",
        "i ?only|just|can|do|would|will recommend|influence|shortlist|advise|evaluate|vet|preselect",
        "have|had|got|get ?some|only|just ?a say|vote|voice|input|influence",
        "part of the ?decision|buying|purchasing|making team|committee|group|process",
        "involved in the ?buying decision|process|purchase", "my opinion|input|word counts|matters",
        "committee|board ?and i|we", "up to|below|under a certain|some amount|limit")
    static let together = PhraseList([
        Phrase("^ ?well ?it ?that ?is ?would ?be ?just me|myself and|plus ?my|the|our|a|two|three|some|one ?other _"),
        Phrase("me|i|myself and a|an|another|one|two|some ?other ?more \(people)"),
        Phrase("we|us|them|and ~ both have|has|need|must|decide|sign|agree|do"),
        Phrase(
            "me|i|myself and|with ?together ?with my|our|the|her|his ?co ?business|it|finance|sales|oldest|older|younger \(people)"
        ),
        Phrase("^ ?well ?no ?together ?jointly ?only with my|our|the|a|an|somebody|someone|others|another|other"),
        Phrase("\(people) and|or i|me|myself"),
        Phrase("i|me|myself and|with ?together ?with my|our|the|her|his \(people)"), Phrase("and i|me ?together $"),
        Phrase("we ?all|both|usually|always|will|would|have|need|also ?to decide|vote|choose|discuss|agree|talk"),
        Phrase("they|he|she and i"),
        Phrase("decide|decides|choose|discuss ?it|this|that ?everything together|jointly|as"),
        Phrase("?the two|three|four|five|both|all of us"),
        Phrase("together|jointly|along with my|the|our|her|him|them"),
        Phrase("team|group|joint|shared|collective|family|committee|common|mutual decision|call|effort|thing"),
        Phrase(
            "\(people) ?also ?both has|have|needs|need|must|got|should ?to|also agree|approve|okay|sign|decide|be|weigh|confirm|say|see"
        ), Phrase("?me ?and my \(people) and i|me"),
        Phrase("consensus|partnership"), Phrase("we are ?a ?two|three|several partners|owners"),
        Phrase("co owner|founder|ceo|director|owners|founders"), Phrase("coowner|cofounder"),
        Phrase("my \(people) too|also|as"),
    ])
    static let oneOf = Phrase.list(
        "i am ?just ?only one of", "^ ?yes ?well ?just ?only one of",
        "i am ?a ?an ?the ?managing|senior|junior|equal|business|minority partner|shareholder ?in|of|here",
        "one of ?the|our|two|three|four|five|several|many ?two|three|four|five ?business|managing|equal partners|owners|founders|directors|people|decision|deciders"
    )
    static let partlyAnswers = Phrase.list(
        "beyond|above|over|past ?all that|this|which|certain", "^ ?yes ?yeah mostly|mainly|largely",
        "i ?do|just|only|can|will|usually make|give|bring|put|offer ~ recommendation|recommendations|suggestion|suggestions|proposal|shortlist",
        "including me|myself", "shared|split between|with|among|by", "between me|us and", "i am ?just ?only one",
        "^ ?no ?well not always|usually $",
        "only|just part|half|some of it|that|the", "rubber stamp|stamps", "signs|has to sign ?off after|too|also",
        "need|needs|want|get|require|requires|await|waiting ~ approval|permission|blessing|signature|consent",
        "^ ?yes|well|only ?but partly|partially|somewhat|jointly|together|both|half", "kind|sort of",
        "we do|decide|both|all", "^ us $", "^ ?me and my", "among|amongst others")
    static let says = Phrase.list("a say|vote|voice", "my opinion")
    static let asksOthers = PhraseList([
        Phrase(
            "need|have|going|would|got|must|should ?to ask|check|consult|convince|talk|speak|discuss|run|clear|persuade|involve|confirm|consult|sell|show|present ?it ?this ?that ?to|with|past|by my|our|the ?co ?business \(people)"
        ),
        Phrase("need|want|have to convince|persuade|involve ?my|our|the \(people)"),
        Phrase("ask|check|talk|speak|discuss|clear ?it|this|that ?to|with my|our|the \(people)"),
        Phrase("run it|this|that ?all by|past"),
        Phrase("show|present|forward|pass ?it ?this ?that ?them ?on ?to my|our ?co ?business \(people)"),
        Phrase("want|like ?to talk|speak|discuss ?about ?it ?this ?that ?to|with my|our ?co ?business \(people)"),
        Phrase(
            "need|needs|want|get|require|requires|await|seek ?the|my|an|a approval|permission|okay|sign|blessing|go|nod|buy ?off|in|ahead ?from|of|by"
        ),
        Phrase(
            "need|needs|get|require|requires|await|seek my|our|his|her|their|the ~ approval|permission|okay|blessing|consent|signature|clearance"
        ),
        Phrase("bring|take|present it|this|that to my|our|the"),
    ])
    /// Somebody beside the caller has a part, as the answer to whether they decide alone.
    static let present = PhraseList([Phrase("there is|are ~ \(people)|others")])
    /// Those who the caller speaks of and not for.
    static let strangers: WordSet = [
        "callers", "customers", "clients", "people", "patients", "guests", "they", "he", "she", "you", "everybody",
        "everyone",
    ]
    /// "My boss told me to look for one, he'll pick."
    static let oursNamed = PhraseList([Phrase("my|our ?co ?business \(bosses)|colleague")])
    static let theyDecide = Phrase.list(
        "he|she|they|who ?will|would|is|are|has|have|must|can ?going ?to ?the ?final ?then decide|decides|pick|picks|choose|chooses|sign|signs|approve|approves",
        "he|she|they|who ?will|would ?always make|makes|take|takes the|this|that|all|such ?final decision|decisions|call|choice"
    )
    static let asksBack = Phrase.list(
        "^ can|could|may|shall we|i talk|speak|ask|first|discuss",
        "do|can|could|would|are|will you decide|make|have|the|sign|approve", "your decision|call|choice",
        "why do|does you|that|it", "what is it to", "what do you mean",
        "^ who decides $", "owner|owners of ~ phone|car|dog|cat|horse|house|product|device|one|machine|bike|laptop",
        "your boss|manager|director|owner|husband|wife|partner|ceo|board|team",
        "who ~ your company|business|firm|boss")
    static let unknowing = Phrase.list(
        "do not know", "no idea", "can not say", "not sure", "rather not", "prefer not",
        "not want|going to say|tell|talk",
        "not|never ?really ?even talked|discussed|decided|thought|spoken|settled", "get back to you", "say that again",
        "none of your", "not figured", "not ?yet been ?really decided|settled|agreed|discussed",
        "not ?got ?gotten ?come that far", "not at liberty", "let us not", "confidential",
        "could not say|tell",
        "remains to be", "have not yet", "depends")
    static let topTitles: WordSet = [
        "owner", "founder", "ceo", "president", "managing", "cofounder", "principal", "proprietor",
    ]
    static let lowTitles: WordSet = ["assistant", "intern", "receptionist", "secretary", "student"]
}
