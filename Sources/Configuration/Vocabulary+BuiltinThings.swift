extension Vocabulary {
    /// What moves, lives or stands there.
    static let builtinThings = """
        [vehicles] else a vehicle
        a vehicle
        a car = a car | a parked car
        several cars = several cars | a row of parked cars
        heavy traffic = heavy traffic jam
        a van = a van | a delivery van
        a truck = a truck | a lorry
        a pickup = a pickup truck
        a bus
        a minibus
        a taxi
        a police car
        an ambulance
        a fire engine
        a rubbish truck = a garbage truck | a refuse lorry
        a tractor
        an excavator = an excavator | a digger
        a crane
        a forklift = a forklift
        a trailer = a car trailer
        a caravan = a caravan | a camper van
        a bicycle = a bicycle | a bike
        several bicycles = a rack full of bicycles
        a cargo bike = a cargo bicycle
        an electric scooter = an electric kick scooter
        a motorcycle = a motorcycle | a motor scooter
        a tram
        a train
        a boat
        a ship
        an aeroplane = an airplane in the sky
        a helicopter = a helicopter
        a drone = a drone in the air
        a skateboard
        a pram = a stroller | a baby carriage
        a wheelchair = an unoccupied wheelchair
        a shopping trolley = a shopping cart
        a wheelbarrow

        [animals] else an animal
        an animal = an animal
        a dog = a dog
        several dogs = several dogs
        a cat = a cat
        several cats = several kittens
        a bird = a bird perched
        a flock of birds
        a pigeon
        a crow = a crow | a magpie
        a gull = a seagull
        a duck = a duck | ducks on water
        a swan
        a goose = geese
        a heron
        an owl
        a bird of prey = a hawk | an eagle
        a woodpecker
        a robin
        a tit = a small titmouse | a chickadee
        a sparrow
        a chicken = a chicken | hens
        a rooster
        a peacock
        a horse
        a foal = a foal lying in straw
        a cow = a cow | cattle
        a sheep = a sheep
        a goat
        a pig
        a donkey
        a rabbit
        a hare
        a squirrel
        a hedgehog
        a fox
        a badger
        a marten
        a raccoon
        a skunk
        an opossum
        a deer
        a moose = a moose | an elk
        a wild boar
        a wolf
        a bear
        a coyote
        a rat = a rat | a mouse indoors
        a bat = a bat flying
        a frog
        a snake
        a lizard
        a turtle
        a fish = fish in an aquarium
        a spider = a spider on the lens | a cobweb
        an insect = an insect close to the camera
        a bee = bees at a hive
        a butterfly

        [objects]
        a parcel = a parcel | a package | a cardboard box
        several parcels = a stack of parcels on a pallet
        letters = letters on a doormat
        a newspaper = a rolled newspaper
        a ladder = a ladder
        a fire = a fire | flames
        smoke = smoke | a cloud of smoke
        steam = a cloud of white steam
        fireworks
        a candle = a burning candle
        a bag = a handbag
        a suitcase = an unattended suitcase
        a backpack = an unattended backpack
        a shopping bag = a plastic bag with groceries
        a dustbin = a dustbin | a trash can
        rubbish = rubbish bags on a pavement | litter
        a wheelie bin = a wheelie bin at a kerb
        a bottle
        a cup = a cup of coffee
        food = a plate with food
        a cake
        fruit
        a chair
        a table = a table
        a sofa
        a bed
        a cot = a crib with a blanket
        a bench
        a desk
        a computer = a laptop on a desk
        a television = a television that is turned on
        a phone
        a book
        a lamp = a standing lamp
        a clock
        a mirror
        a picture on the wall = a framed painting
        a curtain
        a window
        a plant = a potted plant
        flowers = a vase with flowers
        a tree = a large tree
        a fallen tree = a fallen tree | a broken branch
        leaves = fallen autumn leaves
        a hedge
        a fence
        a gate
        a letterbox
        a sign = a sign with writing
        a traffic light
        a traffic cone
        a barrier
        scaffolding
        a tent
        a sunshade = a beach parasol
        a pond
        a fountain
        a puddle
        water on the floor = water spilled across a floor
        broken glass = a shattered window
        graffiti
        a spade = a spade | a shovel
        a lawnmower
        a hose = a garden hose
        a grill = a barbecue grill
        a toy
        a ball
        a swing
        a slide
        a trampoline
        a Christmas tree
        a pumpkin = a carved pumpkin
        balloons
        a flag
        washing = laundry on a line
        shoes
        clothes
        a coat on a hook
        a tool = a power tool
        a machine = a machine tool
        a 3D printer = a printer printing a plastic part
        a pallet
        a shelf = a half bare shelf
        a container = a shipping container
        a gas cylinder
        a knife
        a gun = a handgun
        a key = a key in a lock
        money = banknotes
        """
}
