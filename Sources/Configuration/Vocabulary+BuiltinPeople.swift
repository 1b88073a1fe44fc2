extension Vocabulary {
    /// Who is there, and what they do.
    static let builtinPeople = """
        [people] else a person
        a person = a person | someone
        two people = two people | a pair of people
        several people = three people | a group of people | several people
        a crowd = a crowd | a large crowd filling a square
        a person with an umbrella = a person with an umbrella | someone under an umbrella
        a child = a child | a toddler
        children = children together
        a baby = a baby | an infant in a crib
        an elderly person = an elderly person | an old man with a cane
        a couple = a couple arm in arm
        a family = a family with children
        a courier = a courier with a parcel in uniform | a delivery driver handing over a package
        a postman = a postman with letters | a mail carrier
        a police officer = a police officer
        a firefighter = a firefighter in gear
        a paramedic = a paramedic
        a soldier = a soldier in uniform
        a security guard = a security guard
        a builder = a builder with a hard hat | a construction worker in a safety vest
        a cleaner = a cleaner with a mop
        a gardener = a gardener at work
        a cook = a chef in an apron
        a nurse = a nurse or doctor in scrubs
        a waiter = a waiter with a tray
        a person in a hood = a person with a hood pulled over the face
        a masked person = a person wearing a balaclava
        a person with a helmet = a person wearing a helmet
        a person with a bag = a person carrying a shopping bag
        a person with a backpack = a person wearing a backpack
        a person with a suitcase = a person pulling a suitcase
        a person with a pram = a person pushing a stroller
        a person with a dog = a person with a dog on a leash
        a person in a wheelchair = a person in a wheelchair
        a person on crutches = a person on crutches
        a person with a phone = a person looking at a phone
        a person who has fallen = somebody who has fallen | an injured person collapsed on the floor
        a cyclist = a cyclist riding
        a motorcyclist = a motorcyclist riding
        a rider = a rider on horseback
        a jogger = a jogger in sportswear
        a swimmer = a swimmer
        a face = a face close up

        [activity] one
        - a quiet scene in which nothing moves
        - an empty scene
        - an empty street
        - an empty room
        - an empty doorstep
        - a person | a person standing
        - two people
        - a car
        - a dog | a cat
        a delivery = somebody delivering a package | a courier leaving a parcel
        ringing the bell = somebody pressing a doorbell
        knocking = somebody knocking at a door
        unlocking a door = somebody unlocking a door with a key
        climbing = somebody climbing over a fence
        breaking in = a burglar forcing a window
        a fight = people fighting | a brawl
        running = somebody running fast
        a conversation = people talking together
        a handshake = people shaking hands | people hugging
        waving = somebody waving at the camera
        a meeting = people sitting around a table
        a meal = people eating a meal
        a party = people dancing at a party
        cooking = somebody cooking
        washing up = somebody doing dishes
        cleaning = somebody vacuuming | somebody mopping a floor
        working at a desk = somebody typing on a computer
        reading = somebody reading a book
        watching television = people watching television
        sleeping = somebody sleeping in a bed
        exercise = somebody doing exercises | somebody lifting weights
        playing = children playing | children on a swing
        football = people playing football
        playing music = somebody playing an instrument
        gardening = somebody digging in a garden
        mowing = somebody mowing a lawn
        shovelling snow = somebody shovelling snow
        sweeping = somebody sweeping
        washing a car = somebody washing a car
        loading = people loading a van
        unloading = people unloading boxes
        moving house = people carrying furniture
        building = workers laying bricks
        repairing = somebody repairing a machine
        painting = somebody painting a wall
        parking = a car reversing into a space
        charging = an electric car charging
        an accident = a car crash
        feeding animals = somebody feeding animals
        a walk with a dog = somebody walking a leashed dog
        riding a bicycle = somebody riding a bicycle along
        smoking = somebody smoking a cigarette
        queueing = people queueing
        a demonstration = a protest with banners
        shopping = people shopping
        """
}
