import SpokenLanguage
import Testing

@Suite struct OptOutTests {
    @Test(arguments: [
        "stop calling me", "please stop calling", "take me off your list", "don't call again", "remove my number",
        "Don't call me anymore!", "do not call this number again", "quit calling us", "I want you to stop calling me",
        "why don't you stop calling me", "never call me again", "i don't want any more calls",
        "take my number off your list",
        "please remove me from your database", "put me on your do not call list", "unsubscribe me", "i want to opt out",
        "lose my number", "leave me alone", "no more calls please", "i never want to hear from you again",
        "please don't call me",
        "delete my number", "don't ever call here again", "i don't want to be called again",
        "take us off the call list",
        "stop contacting me", "and stop with the calls", "i revoke my consent", "we are on the do not call registry",
        "you don't need to call me again", "i said stop calling this number", "don't you dare call me again",
        "please take me off", "do not contact me again", "stop phoning my house", "could you please stop calling me",
    ])
    func `a wish not to be called is heard`(_ said: String) {
        #expect(OptOut.find(in: said) != nil)
    }

    @Test(arguments: [
        "", "call me back", "don't stop", "please don't stop calling me", "don't call me before nine",
        "don't call me at work",
        "don't call me today", "call me again next week", "take me off hold", "take me off speaker please",
        "they don't call me back", "if you don't call me i will be upset", "why don't you call me on tuesday",
        "i don't want you to stop calling", "stop", "stop for a second", "i didn't say take me off your list",
        "our customers never call us", "we want to stop losing calls", "i can't stop talking",
        "my number is five five five",
        "don't take me off the list", "remove the old system", "people call us and nobody answers", "don't call me sir",
        "we do not call our customers", "do not hesitate to call me", "the list of calls", "not interested", "goodbye",
        "never mind", "don't call me until friday",
    ])
    func `nothing else is taken for it`(_ said: String) {
        #expect(OptOut.find(in: said) == nil)
    }

    @Test func `the words are those that were said`() {
        #expect(OptOut.find(in: "Look, don't call me again. Bye.") == "don't call me again")
        #expect(OptOut.find(in: "please take me off your list") == "take me off your list")
    }

    private static let wishes = """
        I would rather you didn't call me again
        I told you not to call
        put me on your internal do not call list
        I would appreciate it if you didn't call anymore
        please make a note that I don't want to be contacted
        kindly refrain from calling this number
        I'd like to be taken off whatever list I'm on
        can you take me off your list
        could I be removed from your call list
        how do I get off your list
        how do I opt out of these calls
        I want to unsubscribe
        I wish to opt out of all marketing calls
        I hereby revoke my consent to be called
        I withdraw any permission I gave you to call me
        I do not consent to these calls
        I never agreed to be called, don't do it again
        you don't have permission to call me
        we are on the national do not call registry
        my number is on the do not call list
        this number is registered on the do not call list
        this is the last time you call me
        I hope I never hear from you again
        let this be the last call
        you're not allowed to call me anymore
        you must not call this number
        you can't call me anymore
        please don't ring me any more
        don't phone here again
        do not ring this number
        don't contact us again please
        I don't wish to be contacted
        we don't want any more of your calls
        I don't want your calls
        we do not accept sales calls, remove us
        no sales calls please
        no more phone calls
        no more of these calls please
        stop these calls
        stop with the calls already
        the calls have to stop
        these calls need to stop
        I want these calls to stop
        make these calls stop
        enough with the calls
        please cease and desist
        cease calling me
        quit bothering us
        stop pestering my family and me
        stop ringing me
        I've told you three times already, stop ringing
        I asked you last week to stop calling me
        I've already asked not to be called
        I said no more calls
        I said don't call
        didn't I tell you not to call me again
        I thought I told you people to take me off this list
        you were told to stop calling here
        do me a favor and never call again
        do yourself a favor and lose this number
        delete me from your system
        erase my details
        forget my number
        forget you ever had this number
        scratch my name off your list
        cross me off
        strike me from your records
        wipe my data from your database
        remove us from your contact list immediately
        get me off this list
        I need to be off this list
        take this number out of your system
        drop us from your calling list
        mark me as do not call
        mark this number as do not contact
        add me to the do not call list
        please register my number as do not call
        put us down as do not contact
        can you make sure I don't get called again
        can you make sure that we're not called again
        please see to it that no one calls me again
        ensure that I'm never contacted again
        I don't want anybody from your company calling me
        I don't want anyone calling this number
        tell your people to stop calling me
        tell your colleagues not to call me again
        have your team stop calling us
        I'd be happy if you never called me again
        it would be nice if you could stop calling
        it would be best if you didn't call here anymore
        I would be very grateful if you would not call me again
        I'd prefer if you didn't contact me
        I would prefer not to receive calls from you
        I'd rather not be called
        I'd rather not hear from you again
        would you be so kind as to not call me again
        would you mind not calling me again
        do you mind taking me off your list
        may I ask you not to call again
        I must ask you to stop calling
        I'm asking you politely to stop calling me
        I'm going to ask you to remove me
        I request that you do not call me
        I insist that you stop contacting me
        I demand that you remove my number
        we'd like you to stop calling us
        we would like our number removed
        I'd like my number deleted
        I want my name off your list
        I want to be left alone
        just leave us alone
        leave me in peace
        let me be
        not interested, don't call back
        no thank you and please don't call again
        I'm not interested and I don't want to hear from you
        I am begging you to stop calling me
        for God's sake stop calling
        call me again and I'll call the police
        if you ever call here again I will sue
        next time you call I'm reporting you to the FCC
        one more call and I file a complaint
        stop calling my phone
        stop calling my house
        quit phoning my mobile
        stop dialing my number
        never dial this number again
        never ever contact me
        never again call me
        do not ever contact this household again
        don't bother calling again
        don't bother me again
        don't you dare call me again
        don't you ever call this number again
        don't call me, ever
        don't call. ever.
        please do not call me in the future
        do not call me under any circumstances
        do not call me for any reason
        don't call me about this anymore
        stop calling me about insurance
        I do not want to be on your list
        I don't want to be in your database
        take me out of your system
        I'm old and sick please do not call anymore
        there is nobody here by that name stop calling
        you have the wrong number, take me off your list
        please no longer call me
        I no longer want to be called
        I no longer wish to receive these calls
        I don't want to get any more calls
        I don't need any more calls from you people
        I don't need you to call me again
        you don't need to call me ever again
        there's no need to contact me again
        no need to call again
        never call back
        don't ever bother me with this again
        you should not be calling me, I'm on the do not call registry
        I should not be getting these calls
        why do you keep calling, I said stop calling
        i am sick of this stop calling me
        how often do i have to say it don't call me
        do not disturb us again
        don't harass us anymore
        stop spamming me
        we're done here never contact me again
        please respect that I don't want to be called
        please respect my wish not to be contacted
        I opted out already, stop calling
        I want out of your list
        keep my number off your lists
        i dont wanna be called no more
        dont you call here no more
        yo stop calling my phone bro
        please sir stop calling
        quit it with the calls
        look lady, don't call me again
        ma'am please take our name off the list
        unsubscribe
        opt me out
        opt out please
        remove me
        take me off please
        blacklist my number
        just take my number off
        please take the number off your list
        I'd like you to delete my information
        please erase everything you have about me and don't call
        hang up and never call again
        I don't ever want another call from you
        not another call please
        I will not accept any further calls
        we won't be taking any more calls from you
        this household doesn't want your calls
        my mother doesn't want you to call anymore
        my dad doesn't want to be called again
        we'd rather you stopped contacting us
        I wish you would stop calling
        I wish you'd quit calling me
        I really wish you people would leave me alone
        it's time you stopped calling me
        you've got to stop calling me
        you need to take me off your list
        you have to remove my number
        would you stop calling me
        will you stop calling
        can't you just stop calling me
        can you please not call here anymore
        could we be taken off your list
        am I able to be removed from the list
        please stop contacting us
        please stop reaching out
        stop reaching out to me
        don't reach out to me again
        please don't get in touch again
        no further contact please
        I want no further contact
        we want no more calls
        any further contact is unwanted
        further calls are not welcome
        your calls are not welcome
        please discontinue all calls to this number
        discontinue contact with me
        terminate all communication with me
        do not use this number again
        I want you to lose my number
        you can lose my number
        make it the last time you call
        stop calling my mother
        please stop calling my elderly mother
        she's in the hospital, stop calling her
        shred my number
        get rid of my number
        exclude my number from your calls
        block my number on your end
        leave me out of your campaigns
        keep me off your call list
        I refuse to be called
        I forbid you to call me
        you are forbidden from calling me
        I object to being called
        I object to these calls
        you are not to call me again
        I am not to be contacted again
        avoid calling me
        no calls to this number please
        calls to this number must stop
        I'd like zero calls
        I need this to be the last call
        make sure I don't get another call
        please see that I don't get any more calls
        set my preference to do not call
        I want to be put on the do not call list
        add this number to your do not call registry
        I should be on your do not call list
        is it possible to be removed from your list
        what do I have to do to get you to stop calling me
        what does it take for you to stop calling
        when will you stop calling me
        are you ever going to stop calling
        you keep calling me, please stop
        you've called me five times this week, please stop
        you call every single day and this has to stop
        I asked you to remove me before
        remove me and don't call back
        it's illegal to call me, I'm on the registry
        I told the last guy to take me off the list
        I told your colleague yesterday not to call anymore
        I've asked three times now to be taken off
        last time I asked you to delete my number
        I have already requested not to be contacted
        I have said this before, no calls
        once and for all stop calling
        for the hundredth time do not call me
        hello yes stop calling thank you
        uh no uh don't don't call me again
        we're a residence please don't call here
        this is a business line, take it off your list
        take this line off your list please
        I would be obliged if you took me off your list
        would it be possible not to call me anymore
        would it be too much to ask that you stop calling
        it'd be lovely if you removed my number
        perhaps you could remove me from your list
        I wonder if you could take us off the list
        I was wondering if you could stop calling
        may I please be removed
        might I ask to be removed
        I'd be so happy not to get any more of these calls
        I don't think you should call me anymore
        I think it's best you don't call again
        let's agree that you won't call me again
        please promise not to call again
        promise me you won't call again
        and don't you call back
        don't even think about calling me again
        don't try to call me again
        don't try calling again
        you don't ever need to call here again
        never bother me again
        never, ever, ever call me
        please never contact us again
        I'd like to never be called again
        I never want another call
        I never want to be contacted again
        I never wish to hear from this company
        I don't care to be called
        I don't care to hear from you again
        I do not authorize you to call me
        I do not give you permission to contact me
        I have not given consent to be called
        you do not have my consent to call
        I take back my consent
        consent withdrawn
        I'm withdrawing my consent
        please honor my opt out
        I am opting out
        opting out
        I choose to opt out
        consider this my opt out
        I'd like to be unsubscribed
        put a stop to these calls
        let me off the list
        get us out of your database
        """.split(separator: "\n").map(String.init)

    @Test(arguments: wishes)
    func `a wish to be left alone is heard in any wording`(_ said: String) {
        #expect(OptOut.find(in: said) != nil)
    }
}
