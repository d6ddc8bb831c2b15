extension CallWording {
    static let languages = ["en": english, "de": german, "es": spanish]

    package static let english = CallWording(
        toolFiller: "One moment, please.", sayAgain: "Sorry, could you say that again, please?",
        endOfTime: "We have reached the end of our time. Thank you. Goodbye.",
        endOfTurns: "Let us end here for today. Thank you. Goodbye.",
        endOfSilence: "I cannot hear you any more, so I will hang up now. Goodbye.",
        leftAlone: "All right, we will not call you again. Goodbye.",
        connecting: "I am connecting you to a colleague.", notInService: "This number is not in service. Goodbye.",
        voicemail: """
            Hello, this is the automated AI assistant of {{company}}. We wanted to speak with you. Please call us back at this \
            number. If you do not want calls from us, tell us so when you call. Thank you, goodbye.
            """,
        machineGoodbye: "It seems that I am speaking with a machine, so I will hang up now. Goodbye.",
        whoCalls: "This is the automated AI assistant of {{company}}.",
        whoCallsAndWhy: "This is the automated AI assistant of {{company}}. I am calling about this: {{reason}}")

    private static let german = CallWording(
        toolFiller: "Einen Moment, bitte.", sayAgain: "Entschuldigung, könnten Sie das bitte noch einmal sagen?",
        endOfTime: "Wir sind am Ende unserer Zeit. Vielen Dank. Auf Wiederhören.",
        endOfTurns: "Lassen Sie uns für heute hier schließen. Vielen Dank. Auf Wiederhören.",
        endOfSilence: "Ich höre Sie nicht mehr und lege deshalb jetzt auf. Auf Wiederhören.",
        leftAlone: "In Ordnung, wir rufen Sie nicht mehr an. Auf Wiederhören.",
        connecting: "Ich verbinde Sie mit jemandem aus unserem Team.",
        notInService: "Diese Nummer ist nicht vergeben. Auf Wiederhören.",
        voicemail: """
            Guten Tag, hier ist der automatische KI-Assistent von {{company}}. Wir wollten mit Ihnen sprechen. Bitte rufen Sie uns \
            unter dieser Nummer zurück. Wenn Sie keine Anrufe von uns möchten, sagen Sie es uns dabei. Vielen Dank, auf Wiederhören.
            """,
        machineGoodbye: "Ich spreche offenbar mit einer Maschine und lege deshalb auf. Auf Wiederhören.",
        whoCalls: "Hier ist der automatische KI-Assistent von {{company}}.",
        whoCallsAndWhy: "Hier ist der automatische KI-Assistent von {{company}}. Es geht um Folgendes: {{reason}}")

    private static let spanish = CallWording(
        toolFiller: "Un momento, por favor.", sayAgain: "Perdón, ¿podría repetirlo, por favor?",
        endOfTime: "Hemos llegado al final de nuestro tiempo. Gracias. Adiós.",
        endOfTurns: "Dejémoslo aquí por hoy. Gracias. Adiós.",
        endOfSilence: "Ya no le oigo, así que voy a colgar. Adiós.",
        leftAlone: "De acuerdo, no le llamaremos más. Adiós.",
        connecting: "Le paso con una persona de nuestro equipo.",
        notInService: "Este número no está en servicio. Adiós.",
        voicemail: """
            Hola, le habla el asistente automático de inteligencia artificial de {{company}}. Queríamos hablar con usted. Llámenos, \
            por favor, a este número. Si no desea recibir llamadas nuestras, díganoslo entonces. Gracias, adiós.
            """,
        machineGoodbye: "Parece que hablo con una máquina, así que voy a colgar. Adiós.",
        whoCalls: "Le habla el asistente automático de inteligencia artificial de {{company}}.",
        whoCallsAndWhy:
            "Le habla el asistente automático de inteligencia artificial de {{company}}. El motivo de la llamada: {{reason}}"
    )
}
