/**
 * Words of which only one can hold of the same thing: opposites, and members of one set. They fill the same place in a
 * sentence, so embeddings find them alike. A line is a set; a slash parts its sides; words of one side agree.
 */
export const antonymGroups = `
on / off
open opened / closed close shut
locked lock / unlocked unlock
enabled enable / disabled disable
connected connect / disconnected disconnect
start started begin / stop stopped end ended finish
up upward upwards / down downward downwards
high higher highest / low lower lowest
big bigger biggest large larger largest / small smaller smallest little tiny
long longer longest / short shorter shortest
tall taller tallest / short shorter shortest
hot hotter hottest warm / cold colder coldest cool
old older oldest / new newer newest young younger youngest
good / bad
better / worse
best / worst
more / less fewer
most / least fewest
many / few
max maximum / min minimum
increase raise rise / decrease reduce fall lower
grow gain / shrink lose
buy purchase / sell / rent lease
lend lending / borrow borrowing
send / receive
import / export
push / pull
add / subtract remove delete
charge / discharge / waive
win winning / lose losing
love like / hate dislike
male males / female females
man men / woman women / boy boys / girl girls
father dad / mother mom mum
brother brothers / sister sisters
son sons / daughter daughters
husband / wife
uncle / aunt
he his him himself / she her hers herself
king / queen
day / night
morning / afternoon / evening / night
winter / spring / summer / autumn fall
monday / tuesday / wednesday / thursday / friday / saturday / sunday
january / february / march / april / may / june / july / august / september / october / november / december
daily / weekly / monthly / quarterly / yearly annual annually
red / blue / green / yellow / orange / purple / pink / brown / black / white / gray grey / gold / silver / violet
dark / light bright
wet / dry
full / empty
clean / dirty
true / false
pass passed / fail failed
legal / illegal
public / private
internal / external
input inputs / output outputs
primary / secondary / tertiary
single / double / triple
series / parallel
ac / dc
active / passive inactive idle
live / dead
live phase / neutral / earth ground
positive plus / negative minus
analog analogue / digital
manual manually / automatic automatically auto
normal / abnormal emergency
horizontal / vertical / diagonal
indoor indoors / outdoor outdoors
inside / outside
upstream / downstream
client / server
source / target destination
adult adults / child children kid kids / pediatric paediatric infant baby
premium / basic / standard / gold / platinum / silver
cheap cheaper cheapest / expensive
free / paid
fixed / variable adjustable
traditional / roth
index / mutual
call / put
market / limit
cash / margin
ordinary / capital
short-term / long-term / mid-term
domestic / foreign international
local / remote / national / global
credit / debit / prepaid
checking / savings
assets / liabilities
deposit deposits / withdrawal withdrawals withdraw
income / expense expenses
taxable / deductible / exempt
inherited / gifted / purchased
before / after
early earlier earliest / late later latest
past / present / future
first / second / third / fourth / fifth / last final
previous / next
beginning / end
always / sometimes / never
everyone everybody / nobody / someone somebody
same / different
similar similarity similarities / different difference differences
advantage advantages benefit benefits pros / disadvantage disadvantages risk risks cons
cause causes / effect effects / cure cures / prevent prevention / symptom symptoms
question questions / answer answers
teacher teachers / student students
doctor doctors / patient patients / nurse nurses
employer / employee
buyer / seller
landlord / tenant
sitting sit / standing stand / lying lie / walking walk / running run
asleep sleeping / awake
alive / dead
happy / sad / angry
married / single / divorced
solid / liquid / gas
metal / wood wooden / plastic / glass
left leftmost / right rightmost
top upper / bottom lower / middle center centre
front / back rear
above over / below under underneath beneath
north northern / south southern / east eastern / west western
near nearest closest / far farthest furthest
clockwise / anticlockwise counterclockwise
include including / exclude excluding
accept / reject decline
allow / forbid
strong stronger strongest / weak weaker weakest
easy easier easiest simple / hard harder hardest difficult complex
heavy heavier heaviest / light lighter lightest
deep / shallow
thick thicker / thin thinner
wide wider / narrow narrower
fast faster fastest quick / slow slower slowest
rich / poor
safe / dangerous unsafe
real / fake
original / copy
odd / even
state / central federal
voltage / current / power / resistance / frequency
volt volts / amp amps ampere amperes / watt watts / ohm ohms
width / height / length / depth / weight
area / volume
import / export
convex / concave
upload / download
arrive arrival / depart departure leave
ascending / descending
hardware / software
systolic / diastolic
acute / chronic
`
