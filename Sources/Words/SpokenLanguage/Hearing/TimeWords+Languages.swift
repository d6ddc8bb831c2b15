extension TimeWords {
    static let spanish = TimeWords(
        [
            (.weekday(0), "lunes"), (.weekday(1), "martes"), (.weekday(2), "miercoles"), (.weekday(3), "jueves"),
            (.weekday(4), "viernes"), (.weekday(5), "sabado,sabados"), (.weekday(6), "domingo,domingos"),
            (.month(1), "enero"), (.month(2), "febrero"), (.month(3), "marzo"), (.month(4), "abril"),
            (.month(5), "mayo"),
            (.month(6), "junio"), (.month(7), "julio"), (.month(8), "agosto"), (.month(9), "septiembre,setiembre"),
            (.month(10), "octubre"), (.month(11), "noviembre"), (.month(12), "diciembre"),
            (.unit(.minute), "minuto,minutos"),
            (.unit(.hour), "hora,horas"), (.unit(.day), "dia,dias"), (.unit(.week), "semana,semanas"),
            (.unit(.month), "mes,meses"),
            (.unit(.quarter), "trimestre,trimestres"), (.unit(.year), "ano,anos"), (.weekend, "fin de semana"),
            (.relative(0), "hoy"), (.relative(1), "manana"), (.relative(2), "pasado manana"),
            (.holiday(.christmas), "navidad,navidades"),
            (.holiday(.newYear), "ano nuevo"), (.holiday(.easter), "semana santa,pascua"),
            (.season(.spring), "primavera"),
            (.season(.summer), "verano"), (.season(.autumn), "otono"), (.season(.winter), "invierno"),
            (.quarter(1), "primer trimestre"), (.quarter(2), "segundo trimestre"), (.quarter(3), "tercer trimestre"),
            (.quarter(4), "cuarto trimestre"), (.ordinal(1), "primero,primer"),
            (.part(.morning), "por|de|en la manana,por las mananas"), (.part(.lunch), "a la hora de comer"),
            (.part(.afternoon), "por|de|en la tarde,por las tardes,tarde"),
            (.part(.evening), "por|de|en la noche,esta noche,noche"),
            (.named(hour: 12, minute: 0), "mediodia,a mediodia,al mediodia"), (.quarterHour, "cuarto"),
            (.half, "media"),
            (.minus, "menos"), (.oclock, "en punto,horas,h"), (.am, "am,a m"), (.pm, "pm,p m"), (.past, "pasadas"),
            (.to, "a,-"), (.after, "despues de,despues del,despues de las"),
            (.before, "antes de,antes del,antes de las"), (.of, "de"),
            (.at, "a las,a la,las,sobre las,hacia las,alrededor de,sobre"),
            (.by, "para,para el"),
            (.from, "desde,a partir de"), (.between, "entre,entre las"), (.and, "y"), (.or, "o"), (.until, "hasta"),
            (.next, "proximo,proxima,que viene,siguiente"), (.this, "este,esta"), (.every, "cualquier,cada,todos los"),
            (.early, "principios de,a principios de,a primeros de"), (.middle, "mediados de,a mediados de"),
            (.end, "finales de,a finales de,fin de"),
            (.in, "en"), (.the, "el,la,los"), (.on, "al"), (.within, "dentro de"), (.ago, "hace"),
            (.sameTime, "a la misma hora,misma hora"),
            (.oneAfter, "al dia siguiente,el dia siguiente"), (.not, "no"), (.one, "un,una"), (.number(3), "unos,unas"),
            (.number(2), "un par de"),
            (.correction, "perdon,no perdon,digo,mejor,mejor dicho,no,quiero decir,mas bien"),
            (.filler, "pues,eh,por favor,quizas,tal vez,mejor,seria,puede ser,bueno,si"),
            (.zone("Europe/Madrid", isPlace: true), "hora de espana,hora de madrid"),
            (.zone("America/Mexico_City", isPlace: true), "hora de mexico"), (.zone("UTC"), "utc"),
            (.zone("Europe/London"), "gmt"),
        ], halfIsBefore: false,
        ruledOutBefore: Phrase.list(
            "menos ?el|los", "excepto ?el|los", "salvo ?el|los", "no puedo ?el|los", "no ?el|los", "en lugar de|del",
            "no estoy ?el|los"),
        ruledOutAfter: Phrase.list("^ no", "^ ?me es|esta imposible|complicado|lleno|ocupado", "^ no puedo"),
        elsewhere: Phrase.list(
            "desde", "hace", "nacio|naci", "abrimos|cerramos|abre|cierra|abren|cierran",
            "llamo|llamaron|hable|hablamos", "ayer", "pasado",
            "termino|salgo|sale|llega|empieza"),
        wanted: Phrase.list(
            "llame|llamar|llamen|llameme|llamenme|llamarme", "por favor", "puede|podria|podemos", "mejor", "bien|viene"),
        mayFollow: [
            "por", "de", "y", "o", "del", "el", "la", "esta", "seria", "me", "en", "hora", "estaria", "va", "mejor",
            "si", "entonces",
        ],
        counted: [
            "por", "personas", "empleados", "mil", "euros", "dolares", "dias", "semanas", "meses", "anos", "minutos",
            "veces", "llamadas",
        ])

    static let german = TimeWords(
        germanDays + [
            (.month(1), "januar,janner"), (.month(2), "februar"), (.month(3), "marz,maerz"), (.month(4), "april"),
            (.month(5), "mai"), (.month(6), "juni"), (.month(7), "juli"), (.month(8), "august"),
            (.month(9), "september"),
            (.month(10), "oktober"), (.month(11), "november"), (.month(12), "dezember"),
            (.unit(.minute), "minute,minuten"),
            (.unit(.hour), "stunde,stunden"), (.unit(.day), "tag,tage,tagen"), (.unit(.week), "woche,wochen"),
            (.unit(.month), "monat,monate,monaten,monats"), (.unit(.quarter), "quartal,quartale,quartals"),
            (.unit(.year), "jahr,jahre,jahren,jahres"), (.weekend, "wochenende"), (.relative(0), "heute"),
            (.relative(2), "ubermorgen,uebermorgen"), (.holiday(.christmas), "weihnachten,weihnachts"),
            (.holiday(.newYear), "neujahr,jahreswechsel"), (.holiday(.easter), "ostern"),
            (.season(.spring), "fruhling,fruhjahr,fruehling,fruehjahr"),
            (.season(.summer), "sommer"), (.season(.autumn), "herbst"), (.season(.winter), "winter"),
            (.quarter(1), "q1,erstes|ersten|erste quartal"), (.quarter(2), "q2,zweites|zweiten|zweite quartal"),
            (.quarter(3), "q3,drittes|dritten|dritte quartal"), (.quarter(4), "q4,viertes|vierten|vierte quartal"),
            (.part(.earlyMorning), "fruhmorgens,in der fruh,in der fruhe"),
            (.part(.morning), "vormittag,vormittags,am vormittag,am morgen,morgens,fruh,frueh"),
            (.part(.lunch), "mittag,mittags,am mittag,mittagszeit,in der mittagspause"),
            (.part(.afternoon), "nachmittag,nachmittags,am nachmittag"),
            (.part(.evening), "abend,abends,am abend"), (.part(.afterWork), "nach feierabend"),
            (.relative(1), "morgen"),
            (.named(hour: 12, minute: 0), "zwolf uhr mittags"),
            (.named(hour: 17, minute: 0), "geschaftsschluss,buroschluss"),
            (.quarterHour, "viertel"), (.half, "halb,halbe,halben,einer halben,eine halbe"), (.oclock, "uhr,h"),
            (.past, "nach"),
            (.to, "bis,-"), (.before, "vor"), (.of, "des,der"), (.at, "um,gegen,so gegen,circa,etwa,ungefahr"),
            (.by, "spatestens,bis spatestens,bis zum"),
            (.from, "ab,von"), (.between, "zwischen"), (.and, "und"), (.or, "oder"),
            (.next, "nachste,nachsten,nachster,nachstes,naechste,naechsten,kommende,kommenden,kommendes"),
            (.this, "diese,diesen,dieser,dieses"), (.every, "jeder,jeden,jedes"), (.early, "anfang"),
            (.middle, "mitte"), (.end, "ende"),
            (.in, "in,im"), (.the, "der,den,dem,die,das"), (.on, "am,an"),
            (.within, "innerhalb von,innerhalb der,binnen"), (.ago, "vor allem"),
            (.sameTime, "gleiche zeit,selbe zeit,zur gleichen|selben zeit"),
            (.oneAfter, "den tag darauf,am tag darauf"), (.not, "nicht"),
            (.one, "ein,eine,einer,einem"), (.number(2), "ein paar"), (.number(3), "einige,einigen"),
            (
                .correction,
                "nein,ach nein,entschuldigung,nein entschuldigung,ich meine,besser,vielmehr,lieber,oder besser,quatsch,sondern"
            ),
            (.filler, "ah,ahm,also,bitte,vielleicht,dann,ja,gerne,ware,waere,sagen wir,gut,noch,so"),
            (.zone("Europe/Berlin", isPlace: true), "deutscher zeit"),
            (.zone("Europe/Zurich", isPlace: true), "schweizer zeit"), (.zone("Europe/London"), "gmt"),
            (.zone("UTC"), "utc"), (.zone("Europe/Berlin"), "mez,mesz"),
        ] + germanOrdinals, halfIsBefore: true,
        ruledOutBefore: Phrase.list(
            "nicht ?am|an ?diesen|den|dem", "ausser|auser|aussert ?am|an", "kein|keinen",
            "geht|kann|passt ?es ?mir|ich nicht ?am", "ausgenommen"),
        ruledOutAfter: Phrase.list(
            "^ ?ist|geht|passt|kann ?es ?leider ?bei ?mir ?ich ?gar ?leider nicht",
            "^ ?ist schlecht|voll|ausgebucht|unmoglich|schwierig|weg", "^ bin ich nicht|weg|unterwegs"),
        elsewhere: Phrase.list(
            "seit", "geboren", "offnen|schliessen|schliesst|offnet", "angerufen|gesprochen|telefoniert", "gestern",
            "war|waren ~ am|um", "letzten|letzte|letztes|vorigen",
            "feierabend", "komme|kommt ~ nach hause"),
        wanted: Phrase.list(
            "anrufen|zuruckrufen|rufen|melden|erreichen|sprechen", "bitte",
            "passt|geht|ginge|konnen|konnte|gut|besser|lieber", "ware|waere"),
        mayFollow: [
            "am", "bitte", "ware", "waere", "passt", "geht", "ginge", "oder", "und", "dann", "morgen", "nachmittags",
            "vormittags", "abends", "ist", "wenn", "ja",
        ],
        counted: [
            "prozent", "euro", "leute", "mitarbeiter", "kunden", "tausend", "minuten", "stunden", "tage", "wochen",
            "monate", "jahre", "mal", "anrufe", "pro",
        ])

    /// `Montag`, `montags`, `Montagvormittag`.
    private static let germanDays: [(TimeWord, String)] =
        [
            "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
        ].enumerated().map { (.weekday($0.offset), "\($0.element),\($0.element)s") } + [(.weekday(5), "sonnabend")]

    /// `achten`, `dritte`, `einundzwanzigsten`.
    private static let germanOrdinals: [(TimeWord, String)] = {
        let units = [
            "erst", "zweit", "dritt", "viert", "funft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwolft",
            "dreizehnt",
            "vierzehnt", "funfzehnt", "sechzehnt", "siebzehnt", "achtzehnt", "neunzehnt", "zwanzigst",
        ]
        let names = ["ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun"]
        let stems = units + names.map { $0 + "undzwanzigst" } + ["dreissigst", "einunddreissigst"]
        return zip(1..., stems).map { day, stem in (.ordinal(day), "\(stem)e,\(stem)en,\(stem)er") }
    }()
}
