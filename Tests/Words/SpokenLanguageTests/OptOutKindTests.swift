import SpokenLanguage
import Testing

/// Which channels are meant, in which language, and what is no wish.
@Suite struct OptOutKindTests {
    @Test(arguments: [
        "stop texting me",
        "please stop sending me texts",
        "no more text messages please",
        "don't text me",
        "don't send me any more texts",
        "I don't want to get texts from you",
        "please take me off your text list",
        "quit texting my phone",
        "could you stop the text messages",
        "I'd rather you didn't text me",
        "unsubscribe me from your texts",
        "I want to opt out of text messages",
    ])
    func `no more texts are no more texts, and calls may go on`(_ said: String) {
        #expect(Set(OptOut.wishes(in: SpokenText(said)).flatMap(\.channels)) == [.texts])
    }

    @Test(arguments: [
        "please stop sending me emails",
        "stop emailing me",
        "don't email me anymore",
        "no more emails",
        "unsubscribe me from your emails",
        "I don't want your newsletter anymore",
        "I'd like to opt out of emails",
        "take me off the email list",
        "please remove me from your mailing list",
        "I no longer want to receive your newsletter",
        "could you please not email me",
        "I would prefer not to get emails",
    ])
    func `no more e-mails are no more e-mails, and calls may go on`(_ said: String) {
        #expect(Set(OptOut.wishes(in: SpokenText(said)).flatMap(\.channels)) == [.emails])
    }

    private static let foreignWishes = """
        no me llamen más por favor
        no me vuelva a llamar
        no quiero que me llamen
        no quiero que me llame más
        deje de molestarme
        dejen de llamar a mi casa
        bórreme de la lista
        elimine mi número de su base de datos
        sáqueme de su lista
        déjeme en paz
        no me contacten nunca más
        no llamen más a este número
        por favor no llamen más
        ya no me llamen
        ya no quiero que me llamen
        no deseo recibir más llamadas
        no quiero más llamadas
        le pido que deje de llamarme
        le ruego que no me llame más
        quisiera que me borraran de la lista
        quite mi nombre de la lista
        no me moleste más
        no vuelva a llamarme
        nunca más me llame
        no me vuelvan a marcar
        retiro mi consentimiento
        olvide mi número
        no me interesa, no llamen más
        preferiría que no me llamaran más
        me gustaría que dejaran de llamarme
        haga el favor de no llamarme más
        borren mis datos
        no quiero saber nada más de ustedes
        que no me llamen más
        póngame en la lista de no llamar
        no estoy interesado y no quiero que me vuelvan a llamar
        prefiero que no me llamen
        les dije que no llamaran más
        basta de llamadas
        paren de llamarme
        no me llame más
        deje de llamarme
        ya les dije que no me llamaran
        bitte rufen Sie mich nicht mehr an
        rufen Sie hier nie wieder an
        rufen Sie diese Nummer nicht mehr an
        ich möchte nicht mehr von Ihnen angerufen werden
        ich wünsche keine weiteren Anrufe
        keine Anrufe mehr bitte
        bitte keine weiteren Anrufe
        hören Sie bitte auf, hier anzurufen
        hören Sie endlich auf anzurufen
        nehmen Sie mich von der Liste
        nehmen Sie mich bitte aus Ihrem Verteiler
        streichen Sie meine Nummer
        bitte löschen Sie meine Daten
        ich will, dass Sie mich nicht mehr anrufen
        ich möchte nicht, dass Sie mich noch einmal anrufen
        ich will von Ihnen nichts mehr hören
        melden Sie sich nie wieder
        kontaktieren Sie mich nicht mehr
        belästigen Sie mich nicht weiter
        lassen Sie uns endlich in Ruhe
        ich widerrufe meine Einwilligung
        ich habe Ihnen schon gesagt, dass Sie nicht mehr anrufen sollen
        Sie sollen mich nicht mehr anrufen
        Sie brauchen nicht mehr anzurufen
        unterlassen Sie diese Anrufe
        ich verbitte mir weitere Anrufe
        setzen Sie mich auf die Sperrliste
        bitte nicht mehr anrufen
        nie mehr anrufen bitte
        vergessen Sie meine Nummer
        es wäre nett, wenn Sie nicht mehr anrufen würden
        könnten Sie mich bitte aus der Datenbank löschen
        würden Sie mich bitte von der Liste nehmen
        ich bitte Sie, mich nicht mehr anzurufen
        mir reicht's, hören Sie auf mit den Anrufen
        Schluss mit den Anrufen
        ich möchte keine Werbeanrufe
        entfernen Sie mich aus Ihrem System
        tragen Sie mich bitte aus
        lösch meine Nummer
        """.split(separator: "\n").map(String.init)

    @Test(arguments: foreignWishes)
    func `a wish to be left alone is heard in Spanish and in German`(_ said: String) {
        #expect(OptOut.find(in: said) != nil)
    }

    private static let composed = """
        knock it off with the calls
        you ring every single day, cut it out
        quit blowing up my phone
        give it a rest with these calls
        this has to stop, you people keep ringing me
        I'd be delighted if your calls stopped
        I'm so tired of these calls, make them stop
        how can I stop getting these calls
        we'd be better off without your calls
        we do not welcome these calls
        I've got no wish to hear from you
        you have no right to phone me
        I won't be called by a machine
        this is the school's line, don't use it again
        you can't keep ringing this line
        stop ringing the house
        my grandmother is ill, stop calling her
        don't call my staff again
        please take her off your list
        leave him alone please
        my dad doesn't want any more of your calls
        on behalf of my mother I want her number removed
        this is our formal demand to cease all contact
        you are hereby warned not to contact us again
        I object to direct marketing
        we're registered with the TPS
        neither call us nor write to us
        don't be ringing my phone
        get the hell off my phone and don't call back
        where did you get my number, delete it
        what part of don't call me don't you get
        the calls must end today
        one more call like this and I'll call my solicitor
        """.split(separator: "\n").map(String.init)

    @Test(arguments: composed)
    func `a wish is put together from its parts, whatever they are`(_ said: String) {
        #expect(OptOut.find(in: said) != nil)
    }

    @Test func `what is not to be sent is told apart from what is`() {
        func refused(_ said: String) -> Set<OptOut.Channel> {
            OptOut.wishes(in: SpokenText(said)).reduce(into: []) { $0.formUnion($1.channels) }
        }

        #expect(refused("calls are fine, emails aren't") == [.emails])
        #expect(refused("stop filling up my inbox") == [.emails])
        #expect(refused("cancel the newsletter please") == [.emails])
        #expect(refused("neither text me nor email me") == [.texts, .emails])
        #expect(refused("cancel the call please") == [])
    }
}
