/// English words that are neither names of persons nor firms by themselves, and the local parts of addresses seldom.
enum CommonWords {
    static let all = WordSet(
        """
        a an the and or but from with at of in on for to by about into onto upon off over under between among through during before after \
        until till since while because although though unless whether than then so as if when where why how what which who whom whose \
        that this these those there here i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers \
        herself it its itself they them their theirs themselves someone somebody anyone anybody everyone everybody nobody none no not never \
        nothing something anything everything is am are was were be been being do does did done doing have has had having can could would \
        should shall might must ought let lets get gets got getting gotten go goes going went gone come comes came coming take takes took taken \
        taking make makes made making give gives gave given giving say says said saying tell tells told telling ask asks asked asking think \
        thinks thought thinking know knows knew known knowing see sees saw seen seeing look looks looked looking want wants wanted wanting need \
        needs needed needing like likes liked find finds found finding use uses used using work works worked working call calls called calling \
        try tries tried trying keep keeps kept keeping put puts putting start starts started stop stops stopped help helps helped show shows \
        showed talk talks talked talking speak speaks spoke speaking hear hears heard hearing mean means meant feel feels felt seem seems \
        become became leave leaves left bring brings brought buy buys bought sell sells sold selling pay pays paid spend spends spent send sends \
        sent sending write writes wrote written read reads wait waits waited waiting hold holds held run runs ran running move moves moved \
        live lives lived meet meets met meeting happen happens happened believe guess suppose wonder wondering hope hoping wish afraid sorry \
        thanks thank please hello hi hey goodbye bye yes yeah yep yup nope nah sure okay ok alright right wrong correct true false maybe \
        perhaps probably possibly actually really very quite rather pretty too also just only even still already yet again once twice always \
        often sometimes usually ever today tomorrow tonight yesterday now later soon early late monday tuesday wednesday thursday friday \
        saturday sunday january february november december morning afternoon evening night noon midnight week weeks month months year years \
        hour hours minute minutes second seconds moment time times one two three four five six seven eight nine ten eleven twelve thirteen \
        fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million \
        first last next previous other another same different such own many much more most few fewer less least some any all both each every \
        either neither several enough lot lots bit kind sort type thing things stuff way ways number numbers phone phones telephone mobile \
        email emails mail address website web site online internet computer company companies business businesses firm office customer \
        customers client clients people person guy's man men woman women boss manager managers director owner owners founder president vice \
        partner partners team staff employee employees assistant secretary receptionist engineer supervisor colleague colleagues husband wife \
        brother sister mother father son daughter friend friends family neighbor lawyer accountant teacher nurse student intern agent agents \
        representative sales service services product products price prices pricing budget money dollars dollar euros pounds cost costs offer \
        offers order orders invoice account accounts appointment schedule calendar demo demonstration question questions answer answers problem \
        problems issue issues reason information info details idea ideas plan plans project projects decision decisions contract contracts \
        interested interest busy driving happy glad ready able available free new old good great fine bad better worse nice well ill sick tired \
        fed angry upset annoyed crazy ridiculous terrible awful amazing perfect wonderful excellent lovely expensive cheap important urgent \
        private personal public available possible impossible necessary certain clear serious special general specific simple easy hard \
        difficult big large huge tiny main whole half full empty open closed able responsible concerned aware based located involved called \
        named spelled listed known secret confidential irrelevant complicated unusual strange foreign around across along away back down up out \
        home house car road street building room floor city town state country world place places part parts side end ends middle point area \
        merry christmas birthday congratulations welcome pardon excuse speaking mister asking kidding joking serious confused lost calling \
        else instead together alone myself yourself whatever whoever whichever however therefore otherwise anyway besides especially mostly \
        nearly almost exactly definitely absolutely certainly totally completely basically honestly obviously apparently hopefully currently \
        regarding concerning beyond above below behind beside near against without within toward towards despite except per via \
        wanna gonna gotta dunno whats thats hows lets yours ours robot machine human recording scam spam fraud bot voice call's line speaker \
        list database system systems record records file files form report data software app tool tools solution solutions support technical \
        department division purchasing accounting marketing operations finance legal procurement human resources it hr \
        tell asking listen listening repeat understand understood remember forget forgot mind matter matters care worry \
        interested curious unhappy satisfied considering planning hoping expecting calling returning following behalf regards \
        yours faithfully sincerely mom dad kid kids baby girl boy lady gentleman ladies gentlemen sir madam ma'am buddy dude folks guys \
        breakfast lunch dinner coffee food water weather rain traffic school college university hospital store shop restaurant hotel bank \
        lead leads quote quotes estimate trial subscription upgrade renewal refund complaint delivery shipment package \
        bye-bye cheers oops wow gosh damn hell shit fuck crap whatever nevermind whoops ugh hmm aha yay \
        lately recently nowadays anymore anywhere somewhere nowhere everywhere elsewhere outside inside upstairs downstairs \
        self employed retired unemployed freelance between jobs him's it's that's rush hurry trouble emergency \
        unacceptable unbelievable unfair wonderful horrible stupid useless
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
