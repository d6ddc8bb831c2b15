import SpokenLanguage
import Testing

/// What is made of the words of an opt-out and is none.
@Suite struct OptOutLikenessTests {
    private static let likenesses = """
        my customers ask me to stop calling them
        don't call me Shirley, call me Sherry
        I want to stop calling customers by hand
        don't call me names
        don't call me sir
        don't call me that
        please don't call me Mr. Smith
        do not call me on Sundays
        don't call me on my mobile
        don't call me at work
        don't call me today
        don't call me this week
        don't call me right now
        please don't call during dinner
        don't call until next month
        don't call me yet
        don't call me too early
        don't call me so late
        I can't talk, don't call me now, try tomorrow
        stop, I didn't understand
        stop there for a second
        can I stop you right there
        stop talking
        could you stop talking so fast
        please stop repeating yourself
        stop it
        don't stop
        don't stop now
        please don't hang up
        never call it off
        never mind
        I never got your call
        I never call toll free numbers
        nobody called me back
        nobody ever calls me back
        you never called me back
        you never call me back
        why didn't you call me
        why did nobody call me back
        I was told not to call before nine
        I was told to stop calling and come in
        we were told to stop calling people without consent
        the law says we must not call people on the registry
        can we call people who are on the do not call list
        how does your system handle opt outs
        what happens when a customer opts out
        do your campaigns respect the do not call list
        can the agent take people off our list
        when somebody says stop calling, does it stop
        our patients tell us not to call
        our clients keep saying take me off your list
        one customer said never call me again and we did anyway
        my boss told me to stop calling clients
        my doctor told me to stop calling so often
        my wife said don't call the plumber again
        people keep telling our reps to lose their number
        we don't want to call customers anymore, we want to automate
        I don't want to call them anymore
        I don't want my staff calling people by hand
        I don't want customers calling me at night
        I don't want people calling my cell phone
        we don't want calls going to voicemail
        we don't want to miss any more calls
        we don't want to lose any more calls
        we don't need more calls, we need better ones
        we don't get any more calls
        there are no more calls after six
        no more calls came in
        no calls on weekends please
        we have enough calls
        I'm sick of spam calls, can you block them
        I get too many robocalls, can you stop them
        I want to stop robocalls
        how can I stop telemarketers from calling me
        these scammers won't stop calling me
        I told the scammers to stop calling
        my ex won't stop calling me
        I can't get them to stop calling
        please end this call
        can we end the call here
        I have to end this call
        by the end of the call I was confused
        take me off hold
        take me off mute
        take me off speaker
        take my name off the order
        take that off my bill
        remove the extra line from my plan
        remove the second user from my account
        delete the appointment
        delete that last message
        get me off hold
        get me a person
        put me on hold
        put me through to sales
        put me on the list for the webinar
        put my name on the waiting list
        add me to your newsletter
        leave me a message
        leave me a voicemail
        don't leave me hanging
        let me be honest with you
        let me be clear
        forget it
        forget about the demo
        don't forget to call me
        don't forget my number
        don't lose my number
        I don't want to lose my number when I switch
        I lost my number
        can I keep my number
        we want to get off our old system
        I want off this contract
        I want to opt out of the premium plan
        I'd like to unsubscribe from the gold plan but keep the basic one
        we want to keep calling our customers
        keep calling me until I pick up
        never stop calling me
        please do not stop calling me
        I don't want you to stop calling
        I didn't say stop calling
        I'm not saying take me off your list
        I'm not asking you to stop calling
        don't take me off the list
        you don't have to take me off the list
        please don't remove me from the list
        call me again next week
        call me back later
        call me before ten
        just call me tomorrow
        you can call me anytime
        not interested
        I'm not interested right now
        no thanks goodbye
        I don't want it
        I don't need anything
        don't call us, we'll call you
        I'll call you, you don't need to call me
        no need to call back today
        you needn't call before Monday
        you don't need to call, just email me the offer
        it's not necessary to call me tomorrow
        I don't want to be called before nine
        I'd rather not be called in the evening
        I'd rather you called me after lunch
        I would prefer you didn't call before ten
        I'd appreciate it if you didn't call on weekends
        please don't call my old number, use this one
        don't call the office, call my cell
        don't ring the house, ring my mobile
        do you call on weekends
        do not hesitate to call
        if you don't call me I'll be upset
        if you don't call by Friday we'll go elsewhere
        don't call it a phone system
        don't write that down
        don't text and drive
        my phone doesn't ring anymore
        my phone keeps ringing nonstop
        the phone never stops ringing
        we can't stop the phones from ringing
        our dialer calls people who are on the do not call list
        is there a do not call list for businesses
        which do not call laws apply in Texas
        what does do not call mean
        we lost a customer because we called too often
        he asked me to remove his number
        she wants to be taken off our list
        they want us to stop emailing them
        a caller demanded to be removed
        how many people opt out each month
        we need an opt out button
        our unsubscribe rate is high
        someone unsubscribed from our list
        can your AI recognize when people say stop calling me
        I want an agent that stops calling when people ask
        stop calling after three attempts, can it do that
        does it stop calling at nine pm
        it should stop calling when the lead answers
        can you set it to never call before eight
        make it so that it never calls a number twice
        we don't want it to call the same person twice
        we must not call anyone twice
        I don't call that a discount
        what do you call that
        I would never call that cheap
        I'm on a call, leave me alone with the details for later
        the last time you called me I was driving
        last time you called you promised a discount
        this is the last call I can take today
        I have another call
        I got a call from you
        no, I called you
        I'm calling about the calls you stop
        how do I stop my subscription
        I want to cancel my order
        please cancel the meeting
        don't book anything
        don't send me to voicemail
        not a good time
        bad time, call later
        I have no time
        you're breaking up, call me again
        I'm tired of calling you
        I'm sorry I never called you back
        nobody is here right now
        no one here by that name
        wrong number
        who gave you my number
        where did you get my number from
        how did you get my number
        why are you calling me again
        why do you keep calling
        is this a robot
        thanks for not calling too early
        I don't mind you calling
        I don't mind if you call again
        I wouldn't mind if you called me
        why don't you call me next week
        don't you want to call me back
        could you not call me earlier
        I can't be called at work
        our number can't be called from abroad
        my kids don't call me anymore
        my customers never call me again after the first order
        the leads don't call back
        it doesn't stop ringing
        let's stop here for today
        we stopped calling leads after five tries
        we should stop calling so many people
        they should stop calling their customers
        I hate it when companies call me at night
        the neighbors complain about calls
        we want fewer calls
        fewer calls and more emails would help our team
        I hear stop calling me all day from prospects
        people just say remove me and hang up
        the button says unsubscribe
        can you stop spam calls
        we want no more spam calls
        I don't want spam calls anymore, can your product filter them
        you can't call me, my phone is broken
        the carrier says you can't call this number
        people can't call us because the line is dead
        customers can't call this number
        don't text me, call me
        delete my account
        delete my appointment please
        block the number that keeps calling me
        I want to block numbers
        can you block spam numbers
        our staff must stop calling patients
        tell my assistant to stop calling me
        how do I get my ex to stop calling me
        I asked my bank to stop calling me
        my bank stopped calling me
        you stopped calling me after the first offer
        nobody will call me back
        please tell him not to call me
        please make sure they call me before noon
        I refuse to pay that
        I object to the price
        we decline calls after six
        avoid calling before ten
        we got banned from calling customers
        our outreach got blocked
        no calls to this number since Monday
        we get no calls
        last call for the offer
        I took my name off the lease
        my name is not on the list
        am I on your list
        put me on the list
        is my number in your database
        how did my number get into your database
        did you delete my appointment
        you deleted my number by mistake
        don't forget to take my number
        let me take your number
        take my number down
        take down my number
        write my number down
        get my number from my assistant
        keep me posted
        keep my number on file
        leave my number as is
        I'd never call it cheap
        I'd never stop using it
        I can't stop laughing
        stop by our office
        stop sending the wrong invoices
        stop charging me
        stop the subscription
        stop the service
        stop the recording
        I want to stop the trial
        please stop the music
        don't record me
        don't send me to a sales rep
        don't send it yet
        don't send the contract before Friday
        don't contact my references yet
        don't contact my boss
        don't email the contract, fax it
        """.split(separator: "\n").map(String.init)

    @Test(arguments: likenesses)
    func `what others wish, what has a limit and what is said of other things is no wish of the caller's`(
        _ said: String
    ) {
        #expect(OptOut.wishes(in: SpokenText(said)).allSatisfy { !$0.isWhole })
    }

    private static let foreignLikenesses = """
        no me llame mañana, llámeme el jueves
        no me llamen por la noche
        no me llame al trabajo
        no puedo hablar, llámeme luego
        mis clientes no quieren que los llamen
        no me llame señor, me llamo Luis
        no me llamen hoy
        queremos dejar de llamar a los clientes a mano
        no quiero perder llamadas
        no quiero perder más llamadas
        no he recibido su llamada
        no me han llamado
        por qué no me llamaron
        no me llamaron ayer
        si no me llaman, iré a otra empresa
        no cuelgue
        no, gracias
        no me interesa ahora
        llámeme más tarde
        no deje de llamarme
        nunca me llamaron
        mi marido me dijo que no llamara antes de las nueve
        rufen Sie mich nicht vor neun an
        rufen Sie mich bitte nicht auf der Arbeit an
        rufen Sie mich heute nicht mehr an, morgen geht es
        wir wollen unsere Kunden nicht mehr von Hand anrufen
        unsere Patienten wollen nicht mehr angerufen werden
        ich kann Sie nicht mehr hören
        wir bekommen keine Anrufe mehr
        ich rufe Sie später an
        rufen Sie mich bitte zurück
        nein danke
        kein Bedarf
        nennen Sie mich nicht Chef
        warum haben Sie nicht angerufen
        niemand hat mich angerufen
        legen Sie nicht auf
        hören Sie mich
        ich höre Sie nicht
        nicht jetzt
        rufen Sie mich nicht zurück, ich melde mich
        wir möchten keine Anrufe mehr verpassen
        bitte nicht auf dem Handy anrufen
        sagen Sie das nicht noch mal
        ein Kunde hat gesagt, ich soll nicht mehr anrufen
        """.split(separator: "\n").map(String.init)

    @Test(arguments: foreignLikenesses)
    func `likenesses of it in Spanish and in German are none`(_ said: String) {
        #expect(OptOut.find(in: said) == nil)
    }

    private static let supposed = """
        it's not that I want you to stop calling
        what happens when I say stop calling me
        if I wanted you to stop calling I'd tell you
        normally I'd say take me off your list but this is interesting
        half the leads we phone say don't call again
        I've waited an hour, don't make me call again
        don't call tomorrow, tomorrow is a holiday
        don't you dare not call me back
        don't use my office number anymore, here's my mobile
        take my old number off and put the new one in
        don't bother calling back, I'll come by
        no need to call again, send me the contract
        stop calling my office line and use my cell
        don't call my husband, he's asleep
        the sticker says no cold calls
        she told him never to call her again
        we want to stop getting so many calls
        nobody has the right to call our patients
        """.split(separator: "\n").map(String.init)

    @Test(arguments: supposed)
    func `what is only supposed, replaced or put off is no wish`(_ said: String) {
        #expect(OptOut.wishes(in: SpokenText(said)).allSatisfy { !$0.isWhole })
    }
}
