#!/usr/bin/env python3
"""Makes the local agent's trigram language model and dictionary.

Sentences a caller says to a sales agent are drawn from the templates below with a fixed seed, counted, and written as
a back-off trigram model (ARPA). Pronunciations are those of the CMU dictionary that Debian's pocketsphinx-en-us ships.
The result is committed; run this only after a change to the templates:

    python3 scripts/make-language-model.py [--sentences sentences.txt]
"""
import collections
import itertools
import math
import pathlib
import random
import re
import sys

DICTIONARY = pathlib.Path("/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict")
TARGET = pathlib.Path(__file__).resolve().parent.parent / "Sources" / "Borders" / "LocalSpeech" / "Model"
EXTRA = {"northwind": "N AO R TH W IH N D", "contoso": "K AH N T OW S OW", "dialer": "D AY AH L ER"}
SENTENCES = 480_000
WOMEN_FROM = 98
DISCOUNT = 0.6
BIGRAM_COUNT_MIN = 3
TRIGRAM_COUNT_MIN = 8

# <name> is one of the slot's alternatives; [words] may be missing; (a|b) is one of two. `n *` at a line's start weighs it.
SLOTS = {
    "first": """james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony
        mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob
        gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander patrick
        raymond jack dennis jerry tyler aaron jose adam nathan henry douglas peter kyle walter ethan jeremy harold keith
        christian roger noah gerald carl terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce
        albert willie gabriel logan alan juan wayne roy ralph randy eugene vincent russell elijah louis bobby philip
        mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley
        kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia
        kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel
        carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina
        joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn
        janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa
        diana natalie brittany charlotte marie kayla alexis lori jane tom mike bob steve kate sam alex max lucy ben dan
        tony chris nick fred ted""",
    "last": """smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
        anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson
        walker young allen king wright scott torres hill flores green adams nelson baker hall rivera campbell mitchell
        carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy
        cook rogers ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks
        wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez
        powell jenkins perry russell sullivan bell coleman butler henderson barnes fisher vasquez simmons jordan
        patterson alexander hamilton graham reynolds griffin wallace west cole hayes bryant gibson ellis stevens murray
        ford marshall owens mcdonald harrison kennedy wells webb tucker porter hunter hicks crawford henry boyd mason
        morrison warren dixon shaw gordon burns palmer black stone fox hart grant hunt cohen weber carpenter""",
    "firm1": """acme northwind summit pioneer atlas apex global united national central pacific atlantic western eastern
        northern southern metro riverside lakeside evergreen sunrise horizon liberty eagle phoenix vertex delta omega
        sterling silver golden blue green red bright clear smart first premier advanced modern general american harbor
        mountain valley river ocean star contoso redwood maple oak cedar crystal diamond falcon titan victory""",
    "firm2": """corporation company industries logistics solutions systems software technologies services group partners
        consulting traders trading manufacturing foods health medical financial insurance bank energy electric motors
        transport travel media design builders construction hardware plumbing dental legal capital holdings enterprises
        labs networks robotics bakery furniture clothing supplies""",
    "company": ["<firm1> <firm2>", "<firm1> <firm2>", "<firm1>", "<last> and <last>", "<last> <firm2>",
                "the <firm1> <firm2>", "a (small|large|young|local|family) (company|business|startup|firm|shop)",
                "<firm1> <firm2> incorporated"],
    "role": """manager|director|owner|founder|engineer|buyer|assistant|president|vice president|chief executive|
        chief executive officer|office manager|sales manager|sales director|head of sales|head of operations|
        head of marketing|operations manager|marketing manager|purchasing manager|project manager|it manager|
        c e o|c t o|c f o|consultant|developer|team lead|accountant|partner|secretary|receptionist""",
    "team": """sales team|support team|service team|marketing team|office|call center|front desk|warehouse|stores|
        customer service|customers|staff|branch|clinic|company|business|team|employees|agents""",
    "product": """phone system|new phone system|phone service|phone agent|voice agent|a i agent|call center|call system|
        customer service system|support system|crm|c r m|crm system|software|sales software|new software|
        booking system|answering service|phone line|phone lines|call routing|call recording|appointment system|
        automation|integration|voice assistant|help desk|better phone system|solution|product|service|
        telephone system|cloud phone system|chat system|dialer""",
    "need_verb": ["need", "want", "are looking for", "would like", "are interested in", "have to replace",
                  "have to get", "are missing", "could use", "require"],
    "need_verb_i": ["need", "want", "am looking for", "would like", "am interested in", "would like to know about",
                    "am calling about", "was looking for", "could use", "require", "have a question about"],
    "problem": ["we miss too many calls", "we lose too many calls", "we are losing customers",
                "our phones ring all day", "our old system is too slow", "our phone system is broken",
                "our phone system is too old", "the old system does not work", "nobody answers the phone at night",
                "our customers wait too long", "our team is too small", "we are growing fast",
                "we cannot answer all the calls", "we spend too much time on the phone", "it takes too much time",
                "our current provider is too expensive", "we are not happy with our current system",
                "we have a problem with our phones", "we have too many calls", "our contract is ending"],
    "urgency": ["it is urgent", "it's urgent", "it is very urgent", "as soon as possible", "this is urgent", "very soon",
                "it is not urgent", "there is no hurry", "it is important", "it is critical", "we need help",
                "we need it now", "we need it right away", "no rush"],
    "tens": "twenty thirty forty fifty sixty seventy eighty ninety",
    "unit": "one two three four five six seven eight nine",
    "teen": "ten eleven twelve fifteen thirteen fourteen sixteen seventeen eighteen nineteen",
    "number": ["<tens>", "<tens> <unit>", "<teen>", "<unit>", "<tens>", "<teen>", "<unit> hundred"],
    "amount": ["6 * <number> thousand dollars", "<unit> hundred dollars", "<unit> hundred thousand dollars",
               "a hundred thousand dollars", "one hundred thousand dollars", "<unit> million dollars",
               "<number> thousand", "a million dollars", "half a million dollars", "one million dollars",
               "<number> thousand a year", "<number> thousand dollars a year", "<unit> hundred dollars a month",
               "<number> dollars (a month|per user|a user)", "<unit> thousand five hundred dollars",
               "<number> thousand dollars a month", "a few thousand dollars", "<number> to <number> thousand dollars",
               "between <number> and <number> thousand dollars", "<unit> point five million dollars", "<number> grand",
               "a couple of thousand dollars"],
    "about": ["about", "around", "maybe", "roughly", "up to", "at least", "under", "over", "something like",
              "probably", "approximately", "no more than", "less than", "more than", "close to", "almost"],
    "day": "monday tuesday wednesday thursday friday saturday sunday tomorrow today",
    "daypart": "morning afternoon evening",
    "month": "january february march april may june july august september october november december",
    "hour": "one two three four five six seven eight nine ten eleven twelve",
    "clock": ["<hour>", "<hour> o'clock", "<hour> thirty", "half past <hour>", "<hour> (a m|p m)",
              "<hour> in the (morning|afternoon)", "<hour> fifteen", "<hour> forty five", "noon", "quarter past <hour>"],
    "ordinal": """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth fifteenth
        twentieth thirtieth""",
    "when": ["<day> at <clock>", "<day> at <clock>", "<day> <daypart>", "<day>", "next <day>", "next <day> at <clock>",
             "on <day> at <clock>", "on <day>", "at <clock>", "<clock>", "in the <daypart>", "tomorrow <daypart>",
             "tomorrow at <clock>", "next week", "next week on <day>", "this <day>", "(the) <ordinal> of <month>",
             "<month> <ordinal>", "later today", "in an hour", "in two weeks", "in <unit> days", "any time"],
    "timeline": ["this month", "this month", "this quarter", "this quarter", "this year", "next month", "next quarter",
                 "next year", "next week", "this week", "immediately", "right away", "as soon as possible", "right now",
                 "in <unit> months", "in <unit> weeks", "in a month", "in a few months", "in a few weeks",
                 "within <unit> months", "within a month", "by the end of the (month|year|quarter|week)", "by <month>",
                 "in <month>", "before <month>", "at the end of the (month|year|quarter)", "later this year", "soon",
                 "in the next (few|two|three|six) (weeks|months)", "sometime this year", "maybe next year", "today",
                 "tomorrow", "in the (spring|summer|fall|winter)", "after the (summer|holidays)", "not this year"],
    "boss": ["my boss", "my manager", "our director", "my director", "the owner", "our c e o", "the board", "my partner",
             "our manager", "the management", "my wife", "my husband", "our chief executive", "the head of sales",
             "my colleague", "our c f o", "our president", "the purchasing department", "somebody else", "the finance team"],
    "hello": ["hello", "hi", "hey", "good morning", "good afternoon", "good evening", "hi there", "hello there", "yes hello",
              "yes hi"],
    "yes": ["14 * yes", "2 * yeah", "sure", "2 * yes please", "of course", "correct", "2 * that is right", "that's right",
            "that is correct", "that's correct", "2 * yes that is right", "yes that's right", "yes that is correct",
            "right", "exactly", "absolutely", "definitely", "okay", "yes it is", "yes i am", "yes i do", "yes we do",
            "sounds good", "yes of course", "yes sure", "that works", "that works for me", "perfect", "great",
            "yes okay", "yes that works", "yes that would be great", "yes that would be good", "i think so", "all right",
            "alright", "please do", "go ahead", "that is fine", "that's fine", "that would be fine", "fine", "good",
            "yes that is fine", "i would like that", "yes exactly", "yes absolutely", "yes we have", "yes you can"],
    "no": ["10 * no", "5 * no thank you", "2 * no thanks", "not really", "no that is wrong", "no that's wrong",
           "that is wrong", "that is not right", "that's not right", "no that is not right", "no that is not correct",
           "not now", "not yet", "not today", "no i do not", "no i don't", "no we don't", "no it is not", "no not really",
           "never", "of course not", "no it's not", "no i am not", "i do not think so", "i don't think so", "incorrect",
           "no sorry", "no not now", "no not yet", "wrong", "no that does not work", "that does not work for me"],
    "vague": ["2 * maybe", "perhaps", "2 * i am not sure", "i'm not sure", "not sure", "not sure yet", "i do not know",
              "i don't know", "i do not know yet", "2 * i am just looking around", "i'm just looking",
              "i am just looking", "just looking", "just looking around", "we are just looking around",
              "i just wanted some information", "i am just curious", "it depends", "that depends", "hard to say",
              "i have no idea", "no idea", "i would have to ask", "i have to think about it", "let me think about it",
              "we have not decided yet", "we are not sure yet", "i can't say", "i cannot say that", "possibly",
              "i will think about it", "maybe later", "we will see", "i am not really sure", "well maybe",
              "i do not want to say", "i would rather not say", "it is too early to say", "we do not know yet"],
    "bye": ["3 * goodbye", "2 * bye", "bye bye", "10 * thank you goodbye", "thanks bye", "thank you bye",
            "have a nice day", "have a good day", "thank you very much goodbye", "okay goodbye", "okay bye",
            "that is all thank you", "that's all", "that is all", "no that is all", "thank you that is all",
            "no that is all thank you", "see you", "talk to you later", "thanks goodbye", "good bye",
            "i have to go", "i have to go now", "i must go now", "that is everything", "nothing else",
            "no nothing else thank you", "you too goodbye", "have a great day", "i am going to hang up now"],
    "optout": ["10 * please stop calling me", "2 * stop calling me", "stop calling", "do not call me again",
               "don't call me again", "please do not call me again", "please don't call me again",
               "4 * take me off your list", "please take me off your list", "remove me from your list",
               "please remove me from your list", "remove my number", "please remove my number from your list",
               "never call me again", "do not call me anymore", "don't call me anymore", "don't call this number again",
               "please do not call this number again", "please do not call here again", "stop calling this number",
               "i do not want any more calls", "i don't want any more calls", "i do not want to be called again",
               "i don't want to be called", "take my number off your list", "put me on the do not call list",
               "put me on your do not call list", "delete my number", "please delete my data",
               "unsubscribe", "unsubscribe me", "no more calls please", "leave me alone", "please leave me alone",
               "stop bothering me", "quit calling me", "take us off your list", "lose my number"],
    "notinterested": ["2 * i am not interested", "i'm not interested", "not interested", "we are not interested",
                      "no i am not interested", "sorry i am not interested", "no thank you i am not interested",
                      "we do not need anything", "we don't need that", "i do not need that", "we already have one",
                      "we already have a <product>", "i am busy", "i have no time", "this is not a good time",
                      "i am not interested right now", "we are happy with what we have"],
    "human": ["5 * i want to speak to a person", "can i speak to a person", "can i talk to a human", "a real person please",
              "i want to talk to a real person", "let me speak to a human", "i would like to speak to a person",
              "can i speak to a human please", "can i speak with somebody", "can i speak to your manager",
              "i would like to talk to a colleague", "can you transfer me", "please transfer me",
              "please connect me to a person", "connect me to a human", "transfer me to sales", "put me through please",
              "i want to speak to somebody in sales", "can i talk to somebody", "agent", "operator", "a person please",
              "i would rather talk to a person", "get me a human", "is there a person i can talk to",
              "i want to speak to someone", "i want to talk to a human being", "can i speak to a representative",
              "representative please", "human please", "i want to speak to the manager"],
    "ask": ["how much does it cost", "how much is it", "what does it cost", "what is the price", "what are your prices",
            "is it expensive", "what do you do", "what does your company do", "what do you sell", "what do you offer",
            "what can you do", "what is this about", "what is this", "who is this", "who are you", "who am i speaking to",
            "who is calling", "are you a robot", "are you a computer", "are you a machine", "are you a real person",
            "are you human", "are you a person", "am i talking to a machine", "am i talking to a robot",
            "is this a recording", "is this a robot", "where are you located", "where are you based",
            "where is your company", "how does it work", "how long does it take", "how long does it take to set up",
            "do you have a free trial", "is there a free trial", "can i try it", "does it work with our crm",
            "do you integrate with our system", "is it secure", "is my data safe", "what about my data",
            "are you recording this call", "is this call recorded", "how did you get my number",
            "where did you get my number", "why are you calling me", "why are you calling", "what are your hours",
            "when are you open", "what languages do you speak", "do you speak spanish", "is there a contract",
            "do you have support", "can you tell me more", "tell me more", "tell me more about it",
            "what is the difference", "can you explain that", "do you offer support", "how many calls can it handle"],
    "law": ["4 * are we allowed to call (our customers|customers|people) in the evening",
            "are we allowed to call (customers|people) on <day>", "is it legal to call customers (in the evening|at night)",
            "are we allowed to record (our calls|the calls)", "do we need consent to record our calls",
            "do we need consent to call people", "what does the law say about calls in the evening",
            "is it legal to record the calls", "do we have to tell people that it is a machine"],
    "cancel": ["4 * never mind", "3 * forget it", "please forget it", "never mind thank you", "2 * actually no",
               "actually never mind", "yes well actually no"],
    "thanks": ["3 * thank you that helps", "thanks that helps", "that helps thank you", "good to know thank you"],
    "repeat": ["what", "pardon", "sorry", "excuse me", "can you repeat that", "could you repeat that please",
               "please repeat that", "say that again", "can you say that again", "i did not understand",
               "i did not hear you", "i can't hear you", "2 * hello are you there", "are you there",
               "are you still there", "hello", "i am sorry what", "what did you say", "one more time please",
               "can you hear me", "i don't understand", "please speak slower", "wait", "wait a moment", "hold on",
               "one moment please", "just a moment", "just a second", "hang on", "give me a second"],
    "callback": ["2 * please call me back next week", "please call me back", "call me back later", "can you call me back",
                 "can you call me back <when>", "please call me back <when>", "call me <when>", "please call me <when>",
                 "could you call me again <when>", "call me again <when>", "i am busy right now call me back <when>",
                 "can you call me later", "call me later", "please call again <when>", "can you call back <when>",
                 "please call back <when>", "let us talk again <when>", "call me back in <unit> weeks",
                 "can we talk (next week|later|tomorrow|next month)", "please call me in the <daypart>",
                 "contact me <when>", "follow up with me <when>", "send me an email", "please send me an email",
                 "send me some information", "can you send me more information", "send me a quote"],
    "letter": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "maildomain": ["example dot com", "gmail dot com", "<firm1> dot com", "<firm1> dot org", "company dot com",
                   "yahoo dot com", "outlook dot com", "<firm1> dot net", "example dot org", "mail dot com",
                   "<firm1> <firm2> dot com"],
    "email": ["<first> at <maildomain>", "<first> dot <last> at <maildomain>", "<first> <last> at <maildomain>",
              "<letter> dot <last> at <maildomain>", "<last> at <maildomain>", "info at <maildomain>",
              "sales at <maildomain>", "office at <maildomain>"],
    "spelled": ["<letter> <letter> <letter> <letter>", "<letter> <letter> <letter> <letter> <letter>",
                "<letter> <letter> <letter>", "<letter> as in <first>"],
    "digit": "zero oh one two three four five six seven eight nine",
    "phone": ["<digit> <digit> <digit> <digit> <digit> <digit> <digit>",
              "<digit> <digit> <digit> <digit> <digit> <digit> <digit> <digit> <digit> <digit>"],
    "name": ["4 * my name is <first> <last>", "2 * this is <first> <last>", "2 * i am <first> <last>", "i'm <first> <last>",
             "2 * <first> <last>", "it is <first> <last>", "the name is <first> <last>", "my name's <first> <last>",
             "<first>", "my name is <first>", "this is <first>", "i am <first>", "it's <first> <last>",
             "<first> <last> speaking", "you can call me <first>", "<first> here", "my last name is <last>"],
    "firm": ["4 * i work for <company>", "2 * i am with <company>", "i'm with <company>", "2 * i work at <company>",
             "2 * we are <company>", "2 * <company>", "my company is <company>", "my company is called <company>",
             "the company is <company>", "2 * i am calling from <company>", "i'm calling from <company>",
             "the company is called <company>", "it is <company>", "i am from <company>", "our company is <company>",
             "i own <company>", "i run <company>", "i represent <company>", "i am the <role> of <company>",
             "i am the <role> at <company>", "i am a <role> at <company>", "i am self employed", "i have my own business",
             "we are a <firm2> company", "i do not have a company", "from <company>", "i work for myself"],
    "need": ["4 * i <need_verb_i> a <product>", "2 * i <need_verb_i> a <product> for my <team>",
             "2 * i need a new <product> for my <team>", "2 * we <need_verb> a <product>",
             "2 * we <need_verb> a <product> for our <team>", "i need a new <product> for our <team>",
             "we need a new <product> for <number> people", "2 * <problem>", "well <problem>", "i need help with my <product>",
             "we need help with our <product>", "i am looking for a new <product>", "i have a problem with my <product>",
             "i am calling because <problem>", "we are looking for a new <product>", "hello i need a <product>",
             "i am interested in your <product>", "i would like to buy a <product>", "we want to buy a <product>",
             "i want more information about your <product>", "i have a question", "hello i have a question",
             "i have a question about your <product>", "i saw your website", "i got your email",
             "2 * we want to answer more calls", "we want to save time", "we want to replace our <product>",
             "we need better customer service", "i need <product>", "we need <product>", "a <product>", "a new <product>",
             "i am calling about a <product>", "i would like to learn more about your <product>",
             "we want to improve our <product>", "we want to automate our calls", "i need a quote for a <product>",
             "i would like a demo", "i would like to see a demo", "can i get a demo", "i would like an offer",
             "we have <number> (people|agents|employees|users|locations|stores) and we need a <product>",
             "we need it for <number> (people|agents|employees|users)", "we have <number> employees"],
    "budget": ["3 * <about> <amount>", "2 * <amount>", "2 * our budget is <amount>", "our budget is <about> <amount>",
               "the budget is <amount>", "the budget is <about> <amount>", "we have <amount>",
               "we have a budget of <amount>", "we have <about> <amount>", "we can spend <amount>",
               "we can spend <about> <amount>", "we want to spend <about> <amount>", "my budget is <amount>",
               "i think <about> <amount>", "it is <about> <amount>", "we have set aside <amount>",
               "2 * i do not know the budget", "i don't know the budget", "we do not have a budget", "we have no budget",
               "we have no budget yet", "we don't have a budget yet", "there is no budget", "we have not set a budget",
               "the budget is not decided", "the budget is open", "money is not a problem", "it should be cheap",
               "we have a small budget", "we have a big budget", "we do not have much money", "the budget is approved",
               "no it is <amount>", "no i said <amount>", "no <amount>", "not <amount> it is <amount>"],
    "authority": ["2 * yes i make the decision", "2 * i make the decision", "i make the decisions", "i decide",
                  "2 * i decide myself", "i decide that myself", "i do", "it is me", "that is me", "that's me",
                  "it is my decision", "i am the decision maker", "i am the owner", "2 * <boss> decides",
                  "<boss> makes the decision", "<boss> will decide", "i have to ask <boss>", "2 * i need to ask <boss>",
                  "i have to talk to <boss>", "<boss> has to approve it", "<boss> and i decide together",
                  "we decide together", "i decide together with <boss>", "it is up to <boss>", "not me", "i can decide",
                  "i can sign", "yes i can decide", "i can sign the contract", "no <boss> decides", "no <boss> does",
                  "that is up to <boss>", "i am only (collecting|gathering) information", "i am the <role>",
                  "i recommend and <boss> decides", "yes i am the decision maker", "yes i decide"],
    "timing": ["3 * we need it <timeline>", "2 * <timeline>", "i need it <timeline>", "we want to start <timeline>",
               "we want to decide <timeline>", "we would like to start <timeline>", "we plan to start <timeline>",
               "probably <timeline>", "maybe <timeline>", "we want it <timeline>", "it should be ready <timeline>",
               "i think <timeline>", "we have to decide <timeline>", "we need to be ready <timeline>", "hopefully <timeline>",
               "there is no hurry", "there is no rush", "we have time", "whenever", "not soon",
               "we want to have it <timeline>", "we are planning for <timeline>"],
    "meeting": ["2 * <when> works", "2 * yes <when> works", "2 * <when> is good", "yes <when>", "<when> would be good", "<when>",
                "<when> please", "how about <when>", "can we do <when>", "let us do <when>", "let's do <when>",
                "i am free <when>", "i can do <when>", "what about <when>", "yes <when> please", "yes <when> is fine",
                "<when> works for me", "<when> is fine", "<when> is better", "<when> would be better", "not <day>",
                "no <when> is better", "no <day> does not work", "could we do <when>", "i am not free <when>",
                "yes let us meet <when>", "i would like to meet <when>", "book it", "please book it", "book it please",
                "i would like to book a meeting", "i would like to make an appointment", "can we meet <when>",
                "yes <clock> works", "<clock> works for me", "yes a meeting would be good", "no meeting please"],
    "spell": ["my email is <email>", "my email address is <email>", "<email>", "it is <email>", "the email is <email>",
              "it is spelled <spelled>", "that is spelled <spelled>", "<spelled>", "you spell it <spelled>",
              "my number is <phone>", "<phone>", "my phone number is <phone>"],
}

SENTENCE_KINDS = [
    (8, "<yes>"), (7, "<no>"), (5, "<vague>"), (5, "<bye>"), (10, "<optout>"), (2, "<notinterested>"), (4, "<human>"),
    (5, "<ask>"), (4, "<repeat>"), (3, "<callback>"), (8, "<name>"), (7, "<firm>"), (9, "<need>"), (8, "<budget>"),
    (6, "<authority>"), (6, "<timing>"), (7, "<meeting>"), (2, "<spell>"), (2, "<hello>"),
    (2, "<hello> <name>"), (1, "<hello> <need>"), (2, "<name> and <firm>"), (1, "<name> from <company>"),
    (1, "<hello> <name> from <company>"), (1, "<name> i am the <role> at <company>"), (1, "<name> <need>"),
    (1, "<hello> <ask>"), (3, "<need> <urgency>"), (1, "<need> and <budget>"), (1, "<need> and <timing>"),
    (1, "<budget> and <timing>"), (1, "<budget> and <authority>"), (1, "<yes> <timing>"), (1, "<no> <budget>"),
    (1, "<yes> <meeting>"), (1, "<no> <meeting>"), (1, "<yes> but <ask>"), (1, "<no> <bye>"), (1, "<vague> <bye>"),
    (1, "<no> <optout>"), (1, "<notinterested> <optout>"), (1, "<notinterested> <bye>"), (1, "<optout> <bye>"),
    (1, "<hello> <optout>"), (1, "well <ask>"), (1, "okay <meeting>"), (1, "<firm> and <need>"),
    (1, "<firm> and i am the <role>"), (1, "<vague> <timing>"), (1, "okay thank you"), (4, "thank you"), (2, "<yes> thank you"), (1, "thanks"),
    (1, "i see"), (1, "no problem"), (1, "excuse me <ask>"), (1, "sorry <ask>"), (1, "<yes> <need>"),
    (1, "<urgency>"), (1, "my <role> is <first> <last>"), (1, "um <name>"), (1, "uh <budget>"), (1, "well <budget>"),
    (2, "<law>"), (2, "<cancel>"), (1, "<thanks>"), (1, "<yes> <bye>"), (1, "<timing> and <budget>"), (1, "<yes> <authority>"), (1, "<no> <authority>"),
]


def alternatives(value):
    """The slot's alternatives with their weights."""
    if isinstance(value, str):
        items = [re.sub(r"\s+", " ", i).strip() for i in value.split("|")] if "|" in value else value.split()
        return [(1, item) for item in items if item]
    out = []
    for item in value:
        match = re.match(r"(\d+) \* (.*)", item)
        out.append((int(match[1]), match[2]) if match else (1, item))
    return out


class Templates:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.slots = {}
        for name, value in SLOTS.items():
            weights, items = zip(*alternatives(value))
            if name in ("first", "last"):  # the lists begin with the most frequent names, men's before women's
                weights = [1 + 60 // (6 + rank % WOMEN_FROM) for rank in range(len(items))]
            self.slots[name] = (items, list(itertools.accumulate(weights)))

    def expand(self, text):
        text = re.sub(r"\(([^()]*)\)", lambda m: self.random.choice(m[1].split("|")), text)
        def fill(match):
            items, cumulative = self.slots[match[1]]
            return self.expand(self.random.choices(items, cum_weights=cumulative)[0])
        return re.sub(r"<(\w+)>", fill, text)

    def sentences(self, count):
        weights, kinds = zip(*SENTENCE_KINDS)
        for kind in self.random.choices(kinds, weights=weights, k=count):
            yield self.expand(kind).split()


def pronunciations():
    known = collections.defaultdict(list)
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        word, _, phones = line.partition(" ")
        known[re.sub(r"\(\d+\)$", "", word)].append(phones.strip())
    for word, phones in EXTRA.items():
        known[word].append(phones)
    return known


def arpa(sentences):
    """Absolute discounting with back-off; what was seen too rarely is left to the shorter grams."""
    grams = [collections.Counter() for _ in range(3)]
    for words in sentences:
        padded = ["<s>", *words, "</s>"]
        for order in range(3):
            for start in range(len(padded) - order):
                grams[order][tuple(padded[start:start + order + 1])] += 1
    del grams[0][("<s>",)]
    total = sum(grams[0].values())
    unigrams = {gram: 0.98 * count / total + 0.02 / len(grams[0]) for gram, count in grams[0].items()}
    tables, backoffs, lower = [unigrams], [{}], unigrams
    for order, minimum in ((1, BIGRAM_COUNT_MIN), (2, TRIGRAM_COUNT_MIN)):
        history = collections.Counter()
        for gram, count in grams[order].items():
            history[gram[:-1]] += count
        table, used, covered = {}, collections.Counter(), collections.Counter()
        for gram, count in grams[order].items():
            if count < minimum:
                continue
            table[gram] = (count - DISCOUNT) / history[gram[:-1]]
            used[gram[:-1]] += table[gram]
            covered[gram[:-1]] += probability(gram[1:], tables, backoffs)
        backoffs.append({gram: max(1e-6, 1 - used[gram]) / max(1e-6, 1 - covered[gram]) for gram in used})
        tables.append(table)
    return tables, backoffs


def probability(gram, tables, backoffs):
    """P(last word | words before), backing off."""
    weight = 1.0
    while len(gram) > 1:
        found = tables[len(gram) - 1].get(gram)
        if found is not None:
            return weight * found
        weight *= backoffs[len(gram) - 1].get(gram[:-1], 1.0)
        gram = gram[1:]
    return weight * tables[0][gram]


def write_arpa(path, tables, backoffs):
    unigrams = dict(tables[0])
    unigrams[("<s>",)] = 10 ** -99
    levels = [unigrams, *tables[1:]]
    with path.open("w", encoding="ascii") as out:
        out.write("\\data\\\n")
        for order, table in enumerate(levels, 1):
            out.write(f"ngram {order}={len(table)}\n")
        for order, table in enumerate(levels, 1):
            out.write(f"\n\\{order}-grams:\n")
            for gram in sorted(table):
                line = f"{math.log10(table[gram]):.3f} {' '.join(gram)}"
                if order < 3:
                    line += f" {math.log10(backoffs[order].get(gram, 1.0)):.3f}"
                out.write(line + "\n")
        out.write("\n\\end\\\n")


def main():
    known = pronunciations()
    sentences = list(Templates(seed=20_000).sentences(SENTENCES))
    vocabulary = sorted({word for words in sentences for word in words})
    missing = [word for word in vocabulary if word not in known]
    if missing:
        sys.exit(f"make-language-model: not in {DICTIONARY}: {' '.join(missing)}; use other words in the templates")
    TARGET.mkdir(parents=True, exist_ok=True)
    with (TARGET / "sales.dict").open("w", encoding="ascii") as out:
        for word in vocabulary:
            for number, phones in enumerate(known[word], 1):
                out.write(f"{word if number == 1 else f'{word}({number})'} {phones}\n")
    tables, backoffs = arpa(sentences)
    write_arpa(TARGET / "sales.lm", tables, backoffs)
    if "--sentences" in sys.argv:
        path = pathlib.Path(sys.argv[sys.argv.index("--sentences") + 1])
        path.write_text("\n".join(" ".join(words) for words in sentences) + "\n", encoding="ascii")
    sizes = ", ".join(f"{len(table)} {order}-grams" for order, table in enumerate(tables, 1))
    print(f"{len(vocabulary)} words, {sizes}, {(TARGET / 'sales.lm').stat().st_size // 1024} KiB")


main()
