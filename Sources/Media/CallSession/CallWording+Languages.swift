extension CallWording {
    static let languages = ["en": english, "de": german, "es": spanish]

    package static let english = CallWording(
        toolFiller: "One moment, please.", sayAgain: "Sorry, could you say that again, please?",
        endOfTime: "We have reached the end of our time. Thank you. Goodbye.",
        endOfTurns: "Let us end here for today. Thank you. Goodbye.",
        endOfSilence: "I cannot hear you any more, so I will hang up now. Goodbye.",
        leftAlone: "All right, we will not call you again. Goodbye.",
        connecting: "I am connecting you to a colleague.", notInService: "This number is not in service. Goodbye.")

    private static let german = CallWording(
        toolFiller: "Einen Moment, bitte.", sayAgain: "Entschuldigung, könnten Sie das bitte noch einmal sagen?",
        endOfTime: "Wir sind am Ende unserer Zeit. Vielen Dank. Auf Wiederhören.",
        endOfTurns: "Lassen Sie uns für heute hier schließen. Vielen Dank. Auf Wiederhören.",
        endOfSilence: "Ich höre Sie nicht mehr und lege deshalb jetzt auf. Auf Wiederhören.",
        leftAlone: "In Ordnung, wir rufen Sie nicht mehr an. Auf Wiederhören.",
        connecting: "Ich verbinde Sie mit jemandem aus unserem Team.",
        notInService: "Diese Nummer ist nicht vergeben. Auf Wiederhören.")

    private static let spanish = CallWording(
        toolFiller: "Un momento, por favor.", sayAgain: "Perdón, ¿podría repetirlo, por favor?",
        endOfTime: "Hemos llegado al final de nuestro tiempo. Gracias. Adiós.",
        endOfTurns: "Dejémoslo aquí por hoy. Gracias. Adiós.",
        endOfSilence: "Ya no le oigo, así que voy a colgar. Adiós.",
        leftAlone: "De acuerdo, no le llamaremos más. Adiós.",
        connecting: "Le paso con una persona de nuestro equipo.",
        notInService: "Este número no está en servicio. Adiós.")
}
